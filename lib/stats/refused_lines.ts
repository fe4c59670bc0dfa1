import type { Clock, Timer } from "../clock/clock.ts";
import { createLogTime } from "./log_time.ts";
import type { RefusedAnswers } from "./recorder.ts";

/** Lines that one second may have. */
export const REFUSED_LINES = 100;

/** How {@linkcode RefusedLines} work. */
export interface RefusedLinesOptions {
  readonly clock: Pick<Clock, "now" | "after">;
  /** Takes blocks of lines. */
  readonly write: (blocks: readonly string[]) => void;
}

/**
 * The lines of answers that refused something, of all threads: in each second the first hundred, and
 * one line that says how many more there were.
 */
export class RefusedLines implements Disposable {
  readonly #options: RefusedLinesOptions;
  readonly #time = createLogTime();
  #second: Timer | null = null;
  #written = 0;
  #more = 0;

  constructor(options: RefusedLinesOptions) {
    this.#options = options;
  }

  /** Adds what a thread sent. */
  add({ lines, more }: RefusedAnswers): void {
    if (lines.length === 0 && more === 0) return;
    this.#second ??= this.#options.clock.after(1000, () => this.#end());
    const shown = lines.slice(0, REFUSED_LINES - this.#written);
    this.#written += shown.length;
    this.#more += more + lines.length - shown.length;
    if (shown.length > 0) this.#options.write([shown.join("\n")]);
  }

  /** Ends the second early. */
  flush(): void {
    this.#second?.[Symbol.dispose]();
    this.#end();
  }

  [Symbol.dispose](): void {
    this.flush();
  }

  #end(): void {
    const more = this.#more;
    this.#second = null;
    this.#written = this.#more = 0;
    if (more === 0) return;
    this.#options.write([`${this.#time(this.#options.clock.now())} … ${more} more refused`]);
  }
}
