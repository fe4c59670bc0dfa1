/** Downloads remembered at most: some 15 MB. */
const MOST = 200_000;

/**
 * Whole downloads of a while ago, by their hash: a client that asks for ranges of the same file after
 * that goes on with one, and is not counted again. Only this node knows.
 */
export class OpenedDownloads {
  readonly #most: number;
  /** Hash → when it was remembered, the oldest first. */
  readonly #times = new Map<number, number>();

  /** @param most downloads remembered; beyond that the oldest are forgotten. Default: 200 000 */
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
      this.#times.delete(hash);
      this.#times.set(hash, time);
    }
    for (const hash of this.#times.keys()) {
      if (this.#times.size <= this.#most) break;
      this.#times.delete(hash);
    }
  }

  /** Whether a download was remembered within the last `interval` milliseconds. */
  has(hash: number, time: number, interval: number): boolean {
    const opened = this.#times.get(hash);
    return opened !== undefined && time - opened < interval;
  }
}
