import type { Clock } from "../clock/clock.ts";
import type { ClusterChannel } from "../store/cluster_channel.ts";

/** Milliseconds between two announcements. */
const ANNOUNCE_INTERVAL = 1000;

/** Milliseconds after which a node that is not heard has left. */
const NODE_TIMEOUT = 5000;

/** Milliseconds after which a node that does not hear itself hears nobody: some announcements. */
const DEAF_TIMEOUT = 3500;

/** What {@linkcode ClusterMembership} takes. */
export interface ClusterMembershipOptions {
  readonly channel: ClusterChannel;
  /** Number of the Redis database: nodes on other databases of the same server are another cluster. */
  readonly database: number;
  readonly hostname: string;
  readonly clock: Pick<Clock, "delay" | "elapsed">;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
}

/** Who else works on the same store: announces this node and listens to the others. */
export class ClusterMembership {
  /** Name of this node: `<host>-<5 digits>`. */
  readonly self: string;
  readonly #options: ClusterMembershipOptions;
  readonly #heard = new Map<string, number>();
  /** When each of them was heard first. */
  readonly #first = new Map<string, number>();
  /** Those that are nodes of this program. */
  readonly #ours = new Set<string>();
  /** Since when this node has heard itself without a gap. */
  #since: number | null = null;
  #heardSelf = -Infinity;

  constructor(options: ClusterMembershipOptions) {
    this.#options = options;
    const digits = 10_000 + Math.floor(options.random() * 90_000);
    this.self = `${options.hostname.replaceAll(/\s/g, "-")}-${digits}`;
  }

  /** Names of the nodes, this one included, sorted. */
  nodes(): string[] {
    const now = this.#options.clock.elapsed();
    for (const [name, time] of this.#heard) {
      if (now - time <= NODE_TIMEOUT) continue;
      this.#heard.delete(name);
      this.#first.delete(name);
      this.#ours.delete(name);
    }
    return [...new Set([this.self, ...this.#heard.keys()])].sort();
  }

  /** Names of the nodes that are of the original, sorted: they say no more than that they are there. */
  originals(): string[] {
    const now = this.#options.clock.elapsed();
    return this.nodes().filter((name) =>
      name !== this.self && !this.#ours.has(name) &&
      now - (this.#first.get(name) ?? now) > DEAF_TIMEOUT
    );
  }

  /**
   * Whether this node has listened for long enough to know the others. One that was cut off, or frozen,
   * does not know them any more: they have divided its work among themselves.
   */
  get settled(): boolean {
    const now = this.#options.clock.elapsed();
    return this.#since !== null && now - this.#heardSelf <= DEAF_TIMEOUT &&
      now - this.#since > ANNOUNCE_INTERVAL;
  }

  /** Announces this node until the signal is aborted; the others notice by its silence. */
  async run(signal: AbortSignal): Promise<void> {
    const { channel, database } = this.#options;
    channel.listen((message) => this.#receive(message), signal);
    let sending = false;
    while (!signal.aborted) {
      if (!sending) {
        sending = true;
        // A store that is away is not this loop's business: the store says so, and when it is back.
        const hello = channel.send(`HELLO${database} ${this.self}`);
        // The original takes no notice of that.
        const more = hello.then(() => channel.send(`OURS${database} ${this.self}`));
        more.catch(() => {}).finally(() => sending = false);
      }
      await this.#options.clock.delay(ANNOUNCE_INTERVAL, signal);
    }
    this.#heard.clear();
    this.#first.clear();
    this.#ours.clear();
  }

  #receive(message: string): void {
    const match = /^(HELLO|OURS)(\d+) (\S+)$/.exec(message);
    if (!match || Number(match[2]) !== this.#options.database) return;
    const now = this.#options.clock.elapsed();
    const name = match[3]!;
    if (match[1] === "OURS") {
      if (this.#heard.has(name)) this.#ours.add(name);
      return;
    }
    if (!this.#heard.has(name)) this.#first.set(name, now);
    if (name === this.self) {
      if (now - this.#heardSelf > DEAF_TIMEOUT) this.#since = now;
      this.#heardSelf = now;
    }
    this.#heard.set(name, now);
  }
}
