/** Downloads remembered at least, where there were so many: some 8 MB, and as much for those before. */
const LEAST = 200_000;

/**
 * Whole downloads of a while ago, by their hash: a client that asks for ranges of the same file after
 * that goes on with one, and is not counted again. Only this node knows.
 *
 * Nearly every request adds one. So they are numbers in two tables, and the older of these is forgotten
 * as a whole: a map that forgets one after the other takes several times as long for each.
 */
export class OpenedDownloads {
  readonly #least: number;
  #young = new TimeTable();
  #old = new TimeTable();

  /** @param least downloads remembered at least; at most twice as many are. Default: 200 000 */
  constructor(least: number = LEAST) {
    this.#least = least;
  }

  /** How many are remembered; those that came again may count twice. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /**
   * Remembers downloads.
   *
   * @param hashes what {@linkcode downloadHash} says of each
   * @param time milliseconds that never go back
   */
  add(hashes: Iterable<number>, time: number): void {
    for (const hash of hashes) {
      if (this.#young.size >= this.#least) {
        this.#old = this.#young;
        this.#young = new TimeTable();
      }
      this.#young.set(hash, time);
    }
  }

  /** Whether a download was remembered within the last `interval` milliseconds. */
  has(hash: number, time: number, interval: number): boolean {
    const opened = this.#young.get(hash) ?? this.#old.get(hash);
    return opened !== undefined && time - opened < interval;
  }
}

/** Slots of a table that is empty, a power of two; a table grows as it is filled. */
const FIRST_SLOTS = 1024;

/** Share of the slots that are taken at most. */
const FILL = 0.5;

/**
 * Slots that are looked at for one hash. Chance needs as many once in a million times; somebody who
 * chooses hashes that are alike loses those before.
 */
const MOST_PROBES = 64;

/** Hash → time, in an open table with linear probing: the lowest bits of a hash are good ones. */
class TimeTable {
  /** One more than the hash; 0: nobody is there. */
  #keys = new Float64Array(FIRST_SLOTS);
  #times = new Float64Array(FIRST_SLOTS);
  #size = 0;

  /** Number of hashes. */
  get size(): number {
    return this.#size;
  }

  get(hash: number): number | undefined {
    const slot = this.#slotOf(hash + 1);
    return this.#keys[slot] === hash + 1 ? this.#times[slot] : undefined;
  }

  set(hash: number, time: number): void {
    if (this.#size >= FILL * this.#keys.length) this.#grow();
    this.#put(hash + 1, time);
  }

  #put(key: number, time: number): void {
    const slot = this.#slotOf(key);
    if (this.#keys[slot] === 0) this.#size++;
    this.#keys[slot] = key;
    this.#times[slot] = time;
  }

  /** @returns where a key is, or belongs */
  #slotOf(key: number): number {
    const keys = this.#keys;
    const last = keys.length - 1;
    const first = key & last;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const slot = first + probe & last;
      if (keys[slot] === key || keys[slot] === 0) return slot;
    }
    return first;
  }

  #grow(): void {
    const [keys, times] = [this.#keys, this.#times];
    this.#keys = new Float64Array(2 * keys.length);
    this.#times = new Float64Array(2 * keys.length);
    this.#size = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) this.#put(keys[i]!, times[i]!);
  }
}
