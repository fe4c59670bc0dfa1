import { LRUCache } from "lru-cache";
import type { Log } from "../../log/log.ts";

/** Lines that are remembered. */
const MOST = 1_000;

/** Milliseconds after which another thread may say the same again. */
const LIFETIME = 600_000;

/**
 * One log for many threads. They share a store and a disk, and run into the same trouble: of warnings and
 * errors that one of them has told, the others tell nothing.
 */
export class MergedLog {
  readonly #log: Log;
  /** Line → the view of the thread that told it first. */
  readonly #told: LRUCache<string, Log>;

  /** @param elapsed milliseconds since some moment */
  constructor(log: Log, elapsed: () => number) {
    this.#log = log;
    // A resolution of the time would need a timer.
    this.#told = new LRUCache({
      max: MOST,
      ttl: LIFETIME,
      ttlResolution: 0,
      perf: { now: elapsed },
    });
  }

  /** The log of one thread, which may say the same again and again. */
  view(): Log {
    const log = this.#log;
    const once = (tell: (message: string) => void) => (message: string): void => {
      const first = this.#told.get(message);
      if (first !== undefined && first !== view) return;
      if (first === undefined) this.#told.set(message, view);
      tell(message);
    };
    const view: Log = {
      debug: (message) => log.debug(message),
      info: (message) => log.info(message),
      warn: once((message) => log.warn(message)),
      error: once((message) => log.error(message)),
    };
    return view;
  }
}
