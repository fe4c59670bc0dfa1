import type { RangedDownload } from "./recorder.ts";

/**
 * Parts of downloads in ranges that the store was not asked about yet; parts that belong to one
 * download are kept once.
 */
export class PendingRanges {
  readonly #limit: number;
  #downloads = new Map<string, RangedDownload>();
  /** Downloads that were taken out and are not in the store yet → when they were asked for. */
  readonly #taken = new Map<string, number>();

  /** @param limit how many downloads are kept at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there is nothing to ask about. */
  get empty(): boolean {
    return this.#downloads.size === 0;
  }

  /** Number of downloads. */
  get total(): number {
    return this.#downloads.size;
  }

  /**
   * Keeps one part.
   *
   * @param interval milliseconds within which the parts of one client and file are one download
   * @param elsewhere how many downloads take of the room besides
   * @returns an earlier download that is over, or the new one when the store cannot tell it from an
   *   earlier one: it counts without a question. `"dropped"` when there is no more room; `null` otherwise
   */
  add(
    part: RangedDownload,
    interval: number,
    elsewhere: number = 0,
  ): RangedDownload | "dropped" | null {
    // The path comes first and holds no NUL, so that no client can pass for another.
    const key = `${part.path}\0${part.clientHash}`;
    // The clock may have been set back meanwhile.
    const isSame = (time: number): boolean => Math.abs(part.time - time) < interval;
    const taken = this.#taken.get(key);
    if (taken !== undefined) {
      if (isSame(taken)) return null;
      this.#taken.set(key, part.time);
      return part;
    }
    const earlier = this.#downloads.get(key);
    const full = this.#downloads.size + elsewhere >= this.#limit;
    if (earlier === undefined && full) return "dropped";
    if (earlier !== undefined && isSame(earlier.time)) return null;
    this.#downloads.set(key, part);
    return earlier ?? null;
  }

  /** Takes everything out, in the order in which it came. */
  take(): RangedDownload[] {
    for (const [key, { time }] of this.#downloads) {
      if (this.#taken.size < this.#limit) this.#taken.set(key, time);
    }
    const downloads = [...this.#downloads.values()];
    this.#downloads = new Map();
    return downloads;
  }

  /** Everything that was taken out is in the store, which knows from now on. */
  settle(): void {
    this.#taken.clear();
  }
}
