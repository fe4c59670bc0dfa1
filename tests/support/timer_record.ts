/** Notes for how long timers are set while it is in scope. They run as always. */
export class TimerRecord implements Disposable {
  /** Milliseconds of `setTimeout()` and `AbortSignal.timeout()`. */
  readonly set = new Set<number>();
  readonly #setTimeout = globalThis.setTimeout;
  readonly #timeout = AbortSignal.timeout;

  constructor() {
    const note = (milliseconds = 0): void => void this.set.add(milliseconds);
    const [setTimer, timeout] = [this.#setTimeout, this.#timeout];
    globalThis.setTimeout = ((callback: () => void, milliseconds?: number) => {
      note(milliseconds);
      return setTimer(callback, milliseconds);
    }) as typeof setTimeout;
    AbortSignal.timeout = (milliseconds) => {
      note(milliseconds);
      return timeout.call(AbortSignal, milliseconds);
    };
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#setTimeout;
    AbortSignal.timeout = this.#timeout;
  }
}
