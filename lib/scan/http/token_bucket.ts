import type { Clock } from "../../clock/clock.ts";

/** The slowest that a scan becomes by itself, in requests a second. */
const SLOWEST = 1;

/** Lets so many requests a second begin, and no more; after a pause at most those of one second at once. */
export class TokenBucket {
  #rate: number;
  /** When the next request may begin, by the clock's elapsed milliseconds. */
  #next: number;
  #notBefore = 0;
  /** When the rate was halved. */
  #slowed = -Infinity;

  readonly #clock: Pick<Clock, "delay" | "elapsed">;

  /** @param rate requests a second, above 0 */
  constructor(clock: Pick<Clock, "delay" | "elapsed">, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
    this.#next = clock.elapsed();
  }

  /** Requests a second, as it is now. */
  get rate(): number {
    return this.#rate;
  }

  /** Waits for one's turn. @throws the signal's reason when it was aborted */
  async take(signal: AbortSignal): Promise<void> {
    const step = 1000 / this.#rate;
    const now = this.#clock.elapsed();
    // What was not used is lost, but for a second's worth less one step, which is the burst.
    const burst = Math.max(0, 1000 - step);
    this.#next = Math.max(this.#next, now - burst, this.#notBefore) + step;
    const wait = this.#next - step - now;
    if (wait > 0) await this.#clock.delay(wait, signal);
    signal.throwIfAborted();
  }

  /**
   * Halves the rate, but not below one a second. What began before it was halved the last time is no
   * reason to do it again.
   *
   * @param began when that began which was too much, by the clock's elapsed milliseconds
   */
  slowDown(began: number): void {
    if (began < this.#slowed) return;
    this.#slowed = this.#clock.elapsed();
    this.#rate = Math.max(Math.min(SLOWEST, this.#rate), this.#rate / 2);
  }

  /** Lets no more than so many a second begin, however few that are. */
  limit(rate: number): void {
    this.#rate = Math.min(this.#rate, rate);
  }

  /** Lets nothing begin for so many milliseconds. */
  pause(milliseconds: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#clock.elapsed() + milliseconds);
  }
}
