import { OutageLog } from "./outage_log.ts";
import { reasonOf } from "./redis_error.ts";
import { DEFAULT_TIMINGS, type RedisOptions, serverText } from "./redis_options.ts";

/**
 * Tells the log once when a server that can be read refuses to write (no memory, a full disk), and
 * looks from time to time whether that is over, to tell that as well.
 */
export class WriteRefusal implements AsyncDisposable {
  readonly #log: OutageLog;
  readonly #server: string;
  readonly #closing = new AbortController();
  #probing: Promise<void> | null = null;

  readonly #options: RedisOptions;
  readonly #probe: () => Promise<unknown>;

  /** @param probe writes something that changes nothing; throws when it is refused */
  constructor(options: RedisOptions, probe: () => Promise<unknown>) {
    this.#options = options;
    this.#probe = probe;
    this.#server = serverText(options);
    this.#log = new OutageLog(`${this.#server} takes writes again`, options);
  }

  /** A write was refused. */
  begin(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const reason = reasonOf(error, this.#options.password).split(". ")[0];
    this.#log.begin(
      `${this.#server} refuses to write: ${reason}; what can be read is served, counters wait`,
      false,
    );
    this.#probing ??= this.#watch().finally(() => this.#probing = null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#probing;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    const { lastRetry } = { ...DEFAULT_TIMINGS, ...this.#options.timings };
    while (!signal.aborted) {
      await this.#options.clock.delay(lastRetry, signal);
      if (signal.aborted) return;
      try {
        await this.#probe();
        return this.#log.end();
      } catch {
        // Refused again, or the server is away, which is told elsewhere.
      }
    }
  }
}
