import type { ClusterChannel } from "../store/store.ts";
import { sleep } from "./sleep.ts";

/** Milliseconds between two announcements. */
const ANNOUNCE_INTERVAL = 1000;

/** Milliseconds after which a node that is not heard has left. */
const NODE_TIMEOUT = 5000;

/** What {@linkcode ClusterMembership} takes. */
export interface ClusterMembershipOptions {
  readonly channel: ClusterChannel;
  /** Number of the Redis database: nodes on other databases of the same server are another cluster. */
  readonly database: number;
  readonly hostname: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
}

/** Who else works on the same store: announces this node and listens to the others. */
export class ClusterMembership {
  /** Name of this node: `<host>-<5 digits>`. */
  readonly self: string;
  readonly #options: ClusterMembershipOptions;
  readonly #heard = new Map<string, number>();
  #since: number | null = null;

  constructor(options: ClusterMembershipOptions) {
    this.#options = options;
    const digits = 10_000 + Math.floor(options.random() * 90_000);
    this.self = `${options.hostname.replaceAll(/\s/g, "-")}-${digits}`;
  }

  /** Names of the nodes, this one included, sorted. */
  nodes(): string[] {
    const now = this.#options.now();
    for (const [name, time] of this.#heard) {
      if (now - time > NODE_TIMEOUT) this.#heard.delete(name);
    }
    return [...new Set([this.self, ...this.#heard.keys()])].sort();
  }

  /** Whether this node has listened for long enough to know the others. */
  get settled(): boolean {
    return this.#since !== null && this.#options.now() - this.#since > ANNOUNCE_INTERVAL;
  }

  /** Announces this node until the signal is aborted; the others notice by its silence. */
  async run(signal: AbortSignal): Promise<void> {
    const { channel, database, now } = this.#options;
    channel.listen((message) => this.#receive(message), signal);
    this.#since = now();
    let sending = false;
    while (!signal.aborted) {
      if (!sending) {
        sending = true;
        // A store that is away is not this loop's business: the store says so, and when it is back.
        channel.send(`HELLO${database} ${this.self}`).catch(() => {}).finally(() =>
          sending = false
        );
      }
      await sleep(ANNOUNCE_INTERVAL, signal);
    }
    this.#heard.clear();
  }

  #receive(message: string): void {
    const match = /^HELLO(\d+) (\S+)$/.exec(message);
    if (match && Number(match[1]) === this.#options.database) {
      this.#heard.set(match[2]!, this.#options.now());
    }
  }
}
