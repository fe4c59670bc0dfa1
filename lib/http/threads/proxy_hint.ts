import type { Log } from "../../log/log.ts";
import type { ForwardedRequests } from "./forwarder_tally.ts";

/** So many requests are looked at together, at least. */
const WINDOW = 1_000;

/** Networks that are told apart in one window. */
const MOST_NETWORKS = 4_000;

/**
 * Notices a proxy that nobody told of: clients that come by it share its place and its weight. More
 * than half of all requests come by one public network, and say so themselves.
 */
export class ProxyHint {
  readonly #log: Pick<Log, "warn">;
  readonly #networks = new Map<string, number>();
  #requests = 0;
  #text: string | null = null;

  /** @param log is told once */
  constructor(log: Pick<Log, "warn">) {
    this.#log = log;
  }

  /** What to do, in words for people; `null`: nothing was noticed. */
  get text(): string | null {
    return this.#text;
  }

  /** Takes in what an HTTP thread counted. */
  add({ requests, networks }: ForwardedRequests): void {
    if (this.#text !== null) return;
    this.#requests += requests;
    for (const [network, forwarded] of networks) {
      const known = this.#networks.get(network);
      if (known === undefined && this.#networks.size >= MOST_NETWORKS) continue;
      this.#networks.set(network, (known ?? 0) + forwarded);
    }
    if (this.#requests < WINDOW) return;
    for (const [network, forwarded] of this.#networks) {
      if (forwarded <= this.#requests / 2) continue;
      this.#text = `${forwarded} of ${this.#requests} requests were forwarded by ${network}: ` +
        "if that is a proxy of yours, add it to TrustedProxies";
      this.#log.warn(this.#text);
    }
    this.#clear();
  }

  /** Looks anew: others are trusted now. */
  reset(): void {
    this.#text = null;
    this.#clear();
  }

  #clear(): void {
    this.#requests = 0;
    this.#networks.clear();
  }
}
