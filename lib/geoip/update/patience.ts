import type { Clock, Timer } from "../../clock/clock.ts";

/** How long a server may take. */
export interface PatienceOptions {
  /** Ends everything. */
  readonly stop: AbortSignal;
  /** Milliseconds without a sign of life. */
  readonly idle: number;
  /** Milliseconds in all. */
  readonly all: number;
  readonly clock: Pick<Clock, "after">;
}

/** Gives up a server from which nothing comes, or that takes too long. */
export class Patience implements Disposable {
  /** Aborted when the server is given up. */
  readonly signal: AbortSignal;
  readonly #options: PatienceOptions;
  readonly #limit = new AbortController();
  readonly #whole: Timer;
  #next: Timer;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.stop, this.#limit.signal]);
    this.#whole = options.clock.after(options.all, () => this.#giveUp("it takes too long"));
    this.#next = this.#wait();
  }

  /** Something came. */
  next(): void {
    this.#next[Symbol.dispose]();
    this.#next = this.#wait();
  }

  [Symbol.dispose](): void {
    this.#next[Symbol.dispose]();
    this.#whole[Symbol.dispose]();
  }

  #wait(): Timer {
    const { clock, idle } = this.#options;
    return clock.after(idle, () => this.#giveUp(`nothing came for ${idle / 1000} s`));
  }

  #giveUp(reason: string): void {
    this.#limit.abort(new DOMException(reason, "TimeoutError"));
  }
}
