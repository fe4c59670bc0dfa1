/** Milliseconds of work after which others have their turn. */
const SLICE = 10;

/**
 * Lets others on this thread have their turn in the middle of long work. A turn takes two milliseconds,
 * the resolution of timers, so it comes after some work only. Nothing shorter will do: without a timer
 * the event loop may come round again and again and never look at the sockets.
 */
export class TimeSlice {
  readonly #now: () => number;
  #since: number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Waits for the others, when it is their turn. */
  async turn(): Promise<void> {
    const passed = this.#now() - this.#since;
    if (passed >= 0 && passed < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#since = this.#now();
  }
}
