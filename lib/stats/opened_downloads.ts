/** Downloads remembered at most: some 15 MB. */
const MOST = 200_000;

/**
 * Beyond that this part of them is forgotten at once. To find the oldest costs as much as so many were
 * forgotten before it, so that one at a time would keep the thread from all else.
 */
const PART = 1 / 64;

/**
 * Whole downloads of a while ago, by their hash: a client that asks for ranges of the same file after
 * that goes on with one, and is not counted again. Only this node knows.
 */
export class OpenedDownloads {
  readonly #most: number;
  /** Hash → when it was remembered, the oldest first. */
  readonly #times = new Map<number, number>();

  /** @param most downloads remembered; beyond that the oldest 64th is forgotten. Default: 200 000 */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#times.size;
  }

  /**
   * Remembers downloads.
   *
   * @param hashes what {@linkcode downloadHash} says of each
   * @param time milliseconds that never go back
   */
  add(hashes: Iterable<number>, time: number): void {
    for (const hash of hashes) {
      // It is among the newest: what comes at once may be the same again and again.
      if (this.#times.get(hash) === time) continue;
      this.#times.delete(hash);
      this.#times.set(hash, time);
    }
    if (this.#times.size <= this.#most) return;
    const left = Math.floor(this.#most * (1 - PART));
    for (const hash of this.#times.keys()) {
      if (this.#times.size <= left) break;
      this.#times.delete(hash);
    }
  }

  /** Whether a download was remembered within the last `interval` milliseconds. */
  has(hash: number, time: number, interval: number): boolean {
    const opened = this.#times.get(hash);
    return opened !== undefined && time - opened < interval;
  }
}
