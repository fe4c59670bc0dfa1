import type { RedisOptions } from "./redis_options.ts";

/** Tells the log once when a server goes away, and once when it is back. */
export class OutageLog {
  #since: number | null = null;
  readonly #told = new Set<string>();

  readonly #back: string;
  readonly #options: Pick<RedisOptions, "log" | "now">;

  /** @param back told when it is over: `Redis at 127.0.0.1:6379 is available again` */
  constructor(back: string, options: Pick<RedisOptions, "log" | "now">) {
    this.#back = back;
    this.#options = options;
  }

  /**
   * The server cannot be used.
   *
   * @param reason a sentence
   * @param persistent whether somebody has to do something: then another reason is told, too
   * @returns whether it could be used, or was never tried, before
   */
  begin(reason: string, persistent: boolean): boolean {
    const first = this.#since === null;
    this.#since ??= this.#options.now();
    if (first || (persistent && !this.#told.has(reason))) this.#options.log.error(reason);
    else this.#options.log.debug(reason);
    this.#told.add(reason);
    return first;
  }

  /** The server can be used. */
  end(): void {
    if (this.#since === null) return;
    const seconds = Math.max(0, Math.round((this.#options.now() - this.#since) / 1000));
    this.#since = null;
    this.#told.clear();
    this.#options.log.info(`${this.#back} after ${seconds} s`);
  }
}
