/** Bounds how many things run at once; whoever waits is served in order. */
export class Slots {
  readonly #limit: () => number;
  readonly #waiting: ((slot: Disposable) => void)[] = [];
  #taken = 0;

  /** @param limit how many may run at once; asked each time, since it may change */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /**
   * Takes a slot if one is free and nobody waits for it.
   *
   * @returns gives the slot back when it is disposed of; `null` when there is none
   */
  tryTake(): Disposable | null {
    this.serve();
    return this.#waiting.length > 0 || this.#taken >= this.#limit() ? null : this.#take();
  }

  /**
   * Waits for a slot.
   *
   * @returns gives the slot back when it is disposed of
   * @throws the signal's reason when it was aborted first
   */
  take(signal: AbortSignal): Promise<Disposable> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const serve = (slot: Disposable): void => {
        signal.removeEventListener("abort", leave);
        resolve(slot);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(serve), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(serve);
      this.serve();
    });
  }

  /** Serves those who wait, as far as slots are free; for when the limit rose. */
  serve(): void {
    while (this.#taken < this.#limit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next(this.#take());
    }
  }

  #take(): Disposable {
    this.#taken++;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#taken--;
        this.serve();
      },
    };
  }
}
