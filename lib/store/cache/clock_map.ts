/** One value and its place on the clock. */
interface Entry<V> {
  readonly key: string;
  value: V;
  weight: number;
  /** Place in the ring. */
  place: number;
  /** Whether it was asked for since the hand came by. */
  used: boolean;
}

/** Second chances given before something goes that was asked for lately: no request waits for more. */
const MOST_CHANCES = 1_000;

/**
 * A map with two bounds. What makes room is something that was not asked for lately (the clock
 * algorithm, "second chance"): a hit sets one flag and allocates nothing, making room costs a constant
 * on average, and what is asked for once does not push out what is asked for again and again.
 */
export class ClockMap<V> {
  readonly #maximumSize: number;
  readonly #maximumWeight: number;
  readonly #entries = new Map<string, Entry<V>>();
  /** The entries; the hand goes round. */
  readonly #ring: (Entry<V> | undefined)[] = [];
  /** Places in the ring that are empty. */
  readonly #free: number[] = [];
  #hand = 0;
  #weight = 0;

  /**
   * @param maximumSize most entries
   * @param maximumWeight most weight of all entries together
   * @throws RangeError when a bound is not positive
   */
  constructor(maximumSize: number, maximumWeight: number) {
    if (!(maximumSize >= 1) || !(maximumWeight > 0)) {
      throw new RangeError(`Bounds must be positive, found ${maximumSize} and ${maximumWeight}`);
    }
    this.#maximumSize = maximumSize;
    this.#maximumWeight = maximumWeight;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** Weight of all entries together. */
  get weight(): number {
    return this.#weight;
  }

  /** @returns `undefined` when there is none */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** Whether there is a value; this does not count as asking for it. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Adds or replaces a value, and makes room for it. One that is too heavy for the map is not kept. */
  set(key: string, value: V, weight: number): void {
    this.delete(key);
    if (weight > this.#maximumWeight) return;
    while (
      this.#entries.size >= this.#maximumSize || this.#weight + weight > this.#maximumWeight
    ) this.#evict();
    const place = this.#free.pop() ?? this.#ring.length;
    const entry = { key, value, weight, place, used: false };
    this.#entries.set(key, entry);
    this.#ring[place] = entry;
    this.#weight += weight;
  }

  /** Removes a value, if it is there. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#remove(entry);
  }

  /** Removes everything. */
  clear(): void {
    this.#entries.clear();
    this.#ring.length = 0;
    this.#free.length = 0;
    this.#hand = 0;
    this.#weight = 0;
  }

  /** What comes into the place that becomes free lies behind the hand: it has a whole round. */
  #evict(): void {
    let chances = MOST_CHANCES;
    // Twice round at most: what was asked for is not any more the second time.
    for (let steps = 2 * this.#ring.length; steps > 0; steps--) {
      if (this.#hand >= this.#ring.length) this.#hand = 0;
      const entry = this.#ring[this.#hand];
      this.#hand++;
      if (entry === undefined) continue;
      if (!entry.used || chances === 0) return this.#remove(entry);
      entry.used = false;
      chances--;
    }
  }

  #remove(entry: Entry<V>): void {
    this.#entries.delete(entry.key);
    this.#weight -= entry.weight;
    this.#ring[entry.place] = undefined;
    this.#free.push(entry.place);
  }
}
