/** Runs tasks one after another, in the order in which they came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs a task once those before it have ended, however they ended.
   *
   * @returns what the task returns
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#last.then(task);
    this.#last = next.catch(() => {});
    return next;
  }

  /** @returns when every task that was given so far has ended */
  async idle(): Promise<void> {
    await this.#last;
  }
}
