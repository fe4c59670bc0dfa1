/** Milliseconds of work after which others have their turn. */
const SLICE = 8;

/**
 * Lets long synchronous work pause often enough that requests on the same thread do not wait for it.
 */
export class Breather {
  #since: number;

  /**
   * @param now milliseconds
   * @param signal looked at in each pause
   */
  constructor(private readonly now: () => number, private readonly signal: AbortSignal) {
    this.#since = now();
  }

  /** Whether it is time for a pause. */
  get due(): boolean {
    const passed = this.now() - this.#since;
    return passed >= SLICE || passed < 0;
  }

  /**
   * Lets everything else run that waits.
   *
   * @throws the signal's reason when it was aborted
   */
  async pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.signal.throwIfAborted();
    this.#since = this.now();
  }
}
