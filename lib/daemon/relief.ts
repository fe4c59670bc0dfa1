import type { Pressure } from "../process/pressure.ts";
import type { DescriptorCounter } from "../upgrade/descriptors.ts";

/** Milliseconds between two counts of the file descriptors. */
const COUNT = 5_000;

/** Milliseconds between two turns, of which there are five: so long, connections live at most. */
const TURN = 10_000;

/** Milliseconds in which connections may end by themselves. */
const RENEW_TIME = 3_000;

/** Below this limit, idle connections alone can take all descriptors soon. */
const ENOUGH = 8_192;

/** What {@linkcode Relief} works with. */
export interface ReliefOptions {
  readonly pressure: Pressure;
  readonly counter: DescriptorCounter;
  /** Each has a part of what listens let go of its connections, the next one each time. */
  readonly renew: ((time: number) => Promise<void>)[];
  /** Tells what an operator should change. */
  readonly warn: (message: string) => void;
  readonly every: (milliseconds: number, action: () => void) => Disposable;
}

/**
 * Keeps connections that nobody uses from taking the last file descriptor: while there are too few,
 * those who listen let go of their connections, some of them at a time.
 */
export class Relief implements Disposable {
  readonly #options: ReliefOptions;
  readonly #timers = new DisposableStack();
  #busy = false;
  #since = Infinity;

  constructor(options: ReliefOptions) {
    this.#options = options;
  }

  /** Looks from now on. @returns when the first count is over */
  async start(): Promise<void> {
    const { counter, every, warn } = this.#options;
    this.#timers.use(every(1_000, () => this.#turn(1_000)));
    const first = await counter.descriptors();
    if (first === null || this.#timers.disposed) return;
    if (first.limit < ENOUGH) {
      warn(
        `Only ${first.limit} files may be open at once, connections included: raise the limit to ` +
          `${ENOUGH} at least (LimitNOFILE= of systemd, ulimit -Hn)`,
      );
    }
    this.#timers.use(every(COUNT, () => void this.#count()));
  }

  [Symbol.dispose](): void {
    this.#timers.dispose();
  }

  async #count(): Promise<void> {
    const { counter, pressure } = this.#options;
    const count = await counter.descriptors();
    if (count !== null) pressure.inUse(count.lowest, count.limit);
  }

  #turn(passed: number): void {
    const { pressure, renew } = this.#options;
    if (!pressure.high) return void (this.#since = Infinity);
    this.#since += passed;
    if (this.#busy || this.#since < TURN) return;
    this.#since = 0;
    this.#busy = true;
    void Promise.allSettled(renew.map((one) => one(RENEW_TIME))).then(() => this.#busy = false);
  }
}
