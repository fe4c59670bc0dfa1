import type { Clock, Timer } from "../clock/clock.ts";

/** Milliseconds between two looks. */
const INTERVAL = 100;

/**
 * Measures by how much a thread is late: a timer of 100 ms that comes later than that says so. It runs
 * from the first question on, so that it costs nothing where nobody asks.
 */
export class LagMeter implements Disposable {
  readonly #clock: Pick<Clock, "elapsed" | "every">;
  #timer: Timer | null = null;
  #last = 0;
  #most = 0;

  constructor(clock: Pick<Clock, "elapsed" | "every">) {
    this.#clock = clock;
  }

  /** @returns milliseconds that it was late at most since the last question; 0 for the first one */
  take(): number {
    if (this.#timer === null) {
      this.#last = this.#clock.elapsed();
      this.#timer = this.#clock.every(INTERVAL, () => this.#look());
      return 0;
    }
    const lag = Math.max(this.#most, this.#late());
    this.#most = 0;
    return lag;
  }

  /** Stops the timer. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  #late(): number {
    return Math.max(0, this.#clock.elapsed() - this.#last - INTERVAL);
  }

  #look(): void {
    this.#most = Math.max(this.#most, this.#late());
    this.#last = this.#clock.elapsed();
  }
}
