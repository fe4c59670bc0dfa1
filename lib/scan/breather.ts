/** Milliseconds of work after which requests on the same thread have their turn. */
const SLICE = 8;

/** Likewise where requests have threads of their own: a pause takes two milliseconds, whoever waits. */
const LONG_SLICE = 24;

/** Lets long synchronous work pause often enough that nobody on the same thread waits for it. */
export class Breather {
  readonly #slice: number;
  #since: number;

  readonly #now: () => number;
  readonly #signal: AbortSignal;

  /**
   * @param now milliseconds
   * @param signal looked at in each pause
   * @param alone whether requests have threads of their own; default: not
   */
  constructor(now: () => number, signal: AbortSignal, alone = false) {
    this.#now = now;
    this.#signal = signal;
    this.#slice = alone ? LONG_SLICE : SLICE;
    this.#since = now();
  }

  /** Whether it is time for a pause. */
  get due(): boolean {
    const passed = this.#now() - this.#since;
    return passed >= this.#slice || passed < 0;
  }

  /**
   * Lets everything else run that waits.
   *
   * @throws the signal's reason when it was aborted
   */
  async pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#signal.throwIfAborted();
    this.#since = this.#now();
  }
}
