import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../../lib/clock/clock.ts";
import { delayAfter } from "../../lib/clock/delay_after.ts";

interface SetTimer {
  due: number;
  readonly action: () => void;
  /** Milliseconds after which it is due again; `null`: never. */
  readonly again: number | null;
}

/** A clock that stands still until a test steps it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<SetTimer>();
  #elapsed = 0;
  #epoch: number;

  /** @param now milliseconds since the epoch at the beginning */
  constructor(now: number = Date.UTC(2026, 10, 22, 12)) {
    this.#epoch = now;
  }

  readonly now = (): number => this.#epoch + this.#elapsed;
  readonly elapsed = (): number => this.#elapsed;
  readonly after = (milliseconds: number, action: () => void): Timer =>
    this.#set(milliseconds, action, null);
  readonly every = (milliseconds: number, action: () => void): Timer =>
    this.#set(milliseconds, action, milliseconds);
  readonly delay: Clock["delay"] = delayAfter(this.after);
  readonly timeout = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    this.after(
      milliseconds,
      () => controller.abort(new DOMException("Signal timed out.", "TimeoutError")),
    );
    return controller.signal;
  };

  /** Timers that are set. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** In how many milliseconds the next timer is due; `null`: none is set. */
  get next(): number | null {
    const next = this.#first();
    return next === null ? null : next.due - this.#elapsed;
  }

  /** Sets the wall clock as somebody does who jumps with it: timers do not notice. */
  set(now: number): void {
    this.#epoch = now - this.#elapsed;
  }

  /** Lets time pass: everything that is due meanwhile is done, in order, as far as it needs no waiting. */
  tick(milliseconds: number): void {
    const end = this.#elapsed + milliseconds;
    while (this.#step(end));
    this.#elapsed = end;
  }

  /** Lets time pass, and what waits for it run on after each timer. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await settled();
    while (this.#step(end)) await settled();
    this.#elapsed = end;
    await settled();
  }

  #set(milliseconds: number, action: () => void, again: number | null): Timer {
    const timer = { due: this.#elapsed + Math.max(0, milliseconds), action, again };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  #first(): SetTimer | null {
    let first: SetTimer | null = null;
    for (const timer of this.#timers) if (first === null || timer.due < first.due) first = timer;
    return first;
  }

  #step(end: number): boolean {
    const timer = this.#first();
    if (timer === null || timer.due > end) return false;
    this.#elapsed = Math.max(this.#elapsed, timer.due);
    if (timer.again === null) this.#timers.delete(timer);
    else timer.due += Math.max(1, timer.again);
    timer.action();
    return true;
  }
}

/** What needs no time but turns of the event loop has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
