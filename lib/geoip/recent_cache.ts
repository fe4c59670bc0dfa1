/**
 * A map that forgets what was not asked for lately once it is full. Two generations instead of a list
 * of uses: a hit costs one look-up and allocates nothing.
 */
export class RecentCache<K, V extends NonNullable<unknown> | null> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  readonly #capacity: number;

  /**
   * Makes an empty cache.
   *
   * @param capacity how many entries there are at most
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Looks a key up. @returns `undefined` when the key is not there, or no more */
  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /** Adds or replaces an entry. */
  set(key: K, value: V): void {
    if (this.#young.size >= this.#capacity / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  /** How many entries there are; one that is in both generations counts twice. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
