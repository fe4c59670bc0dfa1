import type { Log } from "../log/log.ts";
import { isOutOfDescriptors } from "../log/out_of_descriptors.ts";

/** Milliseconds for which one sign of it counts. */
const LASTS = 60_000;

/** The share of the descriptors from which on there are too few. */
const HIGH = 0.8;

/** What {@linkcode Pressure} works with. */
export interface PressureOptions {
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed: () => number;
  readonly log: Pick<Log, "warn" | "info">;
}

/**
 * Whether the process is short of file descriptors. Meanwhile nothing is opened that can wait: a new
 * thread would end the whole program in the runtime, and what fails for want of a descriptor says
 * nothing about the mirror, the store or the file that it was for.
 */
export class Pressure {
  readonly #options: PressureOptions;
  #seen = -Infinity;
  #told = false;

  constructor(options: PressureOptions) {
    this.#options = options;
  }

  /** Whether there was a sign of it within the last minute. */
  get high(): boolean {
    const high = this.#options.elapsed() - this.#seen < LASTS;
    if (!high && this.#told) {
      this.#told = false;
      this.#options.log.info("File descriptors suffice again");
    }
    return high;
  }

  /** Takes in what went wrong somewhere: an error, or the system's words. */
  failed(error: unknown): void {
    if (isOutOfDescriptors(error)) this.#begin("Too many open files");
  }

  /**
   * Takes in how many descriptors are in use.
   *
   * @param lowest the lowest free one
   * @param limit how many there may be
   */
  inUse(lowest: number, limit: number): void {
    if (lowest > limit * HIGH) this.#begin(`${lowest} of ${limit} file descriptors are in use`);
  }

  #begin(sign: string): void {
    this.#seen = this.#options.elapsed();
    if (this.#told) return;
    this.#told = true;
    this.#options.log.warn(
      `${sign}: connections are closed after their next answer, idle ones are cut, ` +
        "scans and checks wait; raise the limit (LimitNOFILE= of systemd, ulimit -n), or see " +
        `"mirrorbits help limits"`,
    );
  }
}
