import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { StoreUnavailableError } from "../store/store.ts";

/** Logs problems that come again and again only once, until they are over. */
export class ProblemLog {
  readonly #log: Log;
  readonly #last = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Logs a problem, unless it is the one of its kind that was logged last. A store that is away is
   * left to the store, which says so itself.
   *
   * @param kind what it is about
   * @param what what failed, for people
   */
  add(kind: string, what: string, error: unknown): void {
    if (error instanceof StoreUnavailableError) return;
    const message = `${what}: ${messageOf(error)}`;
    if (this.#last.get(kind) === message) return;
    this.#last.set(kind, message);
    this.#log.error(message);
  }

  /** A problem is over. */
  solved(kind: string): void {
    this.#last.delete(kind);
  }
}
