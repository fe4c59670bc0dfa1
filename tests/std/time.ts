/**
 * What is used of `@std/testing/time`, over npm:@sinonjs/fake-timers. Where JSR can be reached, this
 * line of deno.json puts the real one in: `"@std/testing/time": "jsr:@std/testing@1/time"`.
 *
 * @module
 */
import FakeTimers, { type Clock, type FakeMethod } from "@sinonjs/fake-timers";

const GLOBALS: FakeMethod[] = [
  "Date",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
];

/** Time that stands still until it is stepped: `Date` and the timers, until disposed of. */
export class FakeTime implements Disposable {
  readonly #clock: Clock;
  readonly #start: number;

  /** @param start when it is; default: what it really is. Milliseconds since the epoch */
  constructor(start: number | string | Date = Date.now()) {
    this.#start = new Date(start).getTime();
    this.#clock = FakeTimers.install({ now: this.#start, toFake: GLOBALS });
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#clock.now;
  }

  /** When it was at the beginning, in milliseconds since the epoch. */
  get start(): number {
    return this.#start;
  }

  /** Lets milliseconds pass; the timers that fall into them run. */
  tick(ms = 0): void {
    this.#clock.tick(ms);
  }

  /** Lets milliseconds pass; what waits for promises goes on between the timers. */
  async tickAsync(ms = 0): Promise<void> {
    await this.#clock.tickAsync(ms);
  }

  /** Goes on to the next timer. @returns whether there was one */
  next(): boolean {
    if (this.#clock.countTimers() === 0) return false;
    this.#clock.next();
    return true;
  }

  /** Goes on to the next timer, and lets go on what waits for promises. @returns as {@linkcode next} */
  async nextAsync(): Promise<boolean> {
    if (this.#clock.countTimers() === 0) return false;
    await this.#clock.nextAsync();
    return true;
  }

  /** Lets time pass by itself again. */
  restore(): void {
    this.#clock.uninstall();
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}
