import type { Clock, Timer } from "../../clock/clock.ts";
import type { Forwarders } from "../request/forwarders.ts";

/** How many requests came, and who forwarded them without being trusted to. */
export interface ForwardedRequests {
  /** All that came. */
  readonly requests: number;
  /** Public network and how many of them it forwarded. */
  readonly networks: readonly (readonly [string, number])[];
}

/** Networks that are told apart between two reports; requests of further ones count for nobody. */
const MOST_NETWORKS = 1_000;

/** Milliseconds between the first request and the report. */
const INTERVAL = 1_000;

/** Counts in an HTTP thread who forwards requests. A timer runs only while there is something to tell. */
export class ForwarderTally implements Forwarders {
  readonly #send: (forwarded: ForwardedRequests) => void;
  readonly #clock: Pick<Clock, "after">;
  readonly #networks = new Map<string, number>();
  #requests = 0;
  #timer: Timer | null = null;

  /**
   * Makes a count.
   *
   * @param send takes in a report, once a second at most
   */
  constructor(send: (forwarded: ForwardedRequests) => void, clock: Pick<Clock, "after">) {
    this.#send = send;
    this.#clock = clock;
  }

  add(network: string | null): void {
    this.#requests++;
    this.#timer ??= this.#clock.after(INTERVAL, () => this.#report());
    if (network === null) return;
    const known = this.#networks.get(network);
    if (known === undefined && this.#networks.size >= MOST_NETWORKS) return;
    this.#networks.set(network, (known ?? 0) + 1);
  }

  #report(): void {
    this.#timer = null;
    this.#send({ requests: this.#requests, networks: [...this.#networks] });
    this.#requests = 0;
    this.#networks.clear();
  }
}
