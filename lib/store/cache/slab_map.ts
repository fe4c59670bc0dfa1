/** Bytes that an entry takes in V8's heap, without its key. */
const ENTRY_SIZE = 160;

/** Bytes of a slab in a map that is large. */
const LARGEST_SLAB = 256 * 1024;

/** Bytes of a slab in a map that is small, if it has that many. */
const SMALLEST_SLAB = 4096;

/** Slabs in a map that is neither. */
const SLABS = 64;

/** Share of the slabs that must hold something, or else they are tidied up before there is another. */
const WELL_USED = 3 / 4;

/** A piece of memory that values are written to, one after the other. */
interface Slab {
  readonly bytes: Uint8Array;
  /** What was written, in this order; what was removed since, too. */
  entries: Entry[];
  /** Where the next value goes. */
  end: number;
  /** Bytes of the values that are still there. */
  live: number;
}

/** A value and where it lies. */
interface Entry {
  readonly key: string;
  readonly slab: Slab;
  readonly length: number;
  /** How often everything had been retired when it was set. */
  readonly generation: number;
  start: number;
  /** Whether it was asked for since the hand came by. */
  used: boolean;
  removed: boolean;
}

/** What a slab map is made of. */
export interface SlabMapOptions {
  /** Most entries. */
  readonly maximumSize: number;
  /** Most bytes: the slabs, the keys, and what it takes to find the values, estimated for V8. */
  readonly maximumBytes: number;
  /** Whether a value is in use elsewhere: then it stays as if it had been asked for. */
  readonly inUse?: (key: string) => boolean;
}

/**
 * A map whose values are bytes, in slabs outside of V8's heap: V8 lets its heap grow to several times
 * what is alive, and looks at each object in it again and again.
 *
 * It has two bounds. What makes room is a slab: whatever in it was not asked for since the hand came by
 * last is removed ("second chance"), and the rest moves together.
 *
 * What is in it can be retired all at once, at the cost of one number: that is found only by those who ask
 * for it, and is the first to go.
 */
export class SlabMap {
  readonly #maximumSize: number;
  readonly #maximumBytes: number;
  readonly #inUse: (key: string) => boolean;
  readonly #slabSize: number;
  readonly #entries = new Map<string, Entry>();
  #slabs: Slab[] = [];
  /** Index of the slab that is written to. */
  #hand = 0;
  /** Entries of another generation are retired. */
  #generation = 0;
  /** Bytes of V8's heap that entries take. */
  #overhead = 0;
  /** Bytes of all values. */
  #live = 0;

  /** Starts empty. @throws RangeError when a bound is not positive */
  constructor({ maximumSize, maximumBytes, inUse = () => false }: SlabMapOptions) {
    if (!(maximumSize >= 1) || !(maximumBytes > 0)) {
      throw new RangeError(`Bounds must be positive, found ${maximumSize} and ${maximumBytes}`);
    }
    this.#maximumSize = maximumSize;
    this.#maximumBytes = maximumBytes;
    this.#inUse = inUse;
    const small = Math.min(SMALLEST_SLAB, Math.ceil(maximumBytes / 4));
    this.#slabSize = Math.min(LARGEST_SLAB, Math.max(small, Math.ceil(maximumBytes / SLABS)));
  }

  /** Number of entries, retired ones included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes that the map takes: its slabs, and an estimate of the rest. */
  get bytes(): number {
    return this.#slabs.length * this.#slabSize + this.#overhead;
  }

  /** @returns a view that is good until the map changes; `undefined` when there is none, or a retired one */
  get(key: string): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.generation !== this.#generation) return undefined;
    entry.used = true;
    return viewOf(entry);
  }

  /** @returns as {@linkcode get} does, of retired values too; this does not count as asking for them */
  getRetired(key: string): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : viewOf(entry);
  }

  /** Retires everything that is there. */
  retire(): void {
    this.#generation++;
  }

  /**
   * Adds or replaces a value, and makes room for it. One that is longer than a slab (256 KiB, or the
   * 64th part of a map that is smaller than 16 MiB) is not kept.
   */
  set(key: string, value: Uint8Array): void {
    this.delete(key);
    const { length } = value;
    const cost = costOf(key);
    if (length > this.#slabSize || this.#slabSize + cost > this.#maximumBytes) return;
    let slab: Slab | undefined;
    for (let sweeps = 0; (slab = this.#slabFor(length, cost)) === undefined; sweeps++) {
      if (this.size === 0) this.clear();
      else this.#sweep(sweeps >= 2 * this.#slabs.length);
    }
    slab.bytes.set(value, slab.end);
    const entry = {
      key,
      slab,
      length,
      generation: this.#generation,
      start: slab.end,
      used: false,
      removed: false,
    };
    this.#entries.set(key, entry);
    slab.entries.push(entry);
    slab.end += length;
    slab.live += length;
    this.#live += length;
    this.#overhead += cost;
  }

  /** Removes a value, if it is there. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#remove(entry);
    if (entry.slab.live === 0) this.#tidy(entry.slab);
  }

  /** Removes everything, and gives the slabs back. */
  clear(): void {
    this.#entries.clear();
    this.#slabs = [];
    this.#hand = 0;
    this.#overhead = 0;
    this.#live = 0;
  }

  /** @returns a slab with room, which the hand points to; `undefined` when something must go first */
  #slabFor(length: number, cost: number): Slab | undefined {
    if (this.size >= this.#maximumSize || this.bytes + cost > this.#maximumBytes) return undefined;
    const current = this.#slabs[this.#hand];
    if (current !== undefined && this.#slabSize - current.end >= length) return current;
    if (this.#live < WELL_USED * this.#slabSize * this.#slabs.length) {
      const tidied = this.#tidyOne(length);
      if (tidied !== undefined) return tidied;
    }
    if (this.bytes + cost + this.#slabSize > this.#maximumBytes) return undefined;
    const slab = { bytes: new Uint8Array(this.#slabSize), entries: [], end: 0, live: 0 };
    this.#hand = this.#slabs.push(slab) - 1;
    return slab;
  }

  /** Looks for a slab that has room once what was removed from it is gone. */
  #tidyOne(length: number): Slab | undefined {
    for (let i = 0; i < this.#slabs.length; i++) {
      const slab = this.#advance();
      if (this.#slabSize - slab.live < length) continue;
      this.#tidy(slab);
      return slab;
    }
    return undefined;
  }

  /** Goes to the next slab and removes what was not asked for, or everything. */
  #sweep(everything: boolean): void {
    const slab = this.#advance();
    for (const entry of slab.entries) {
      if (entry.removed) continue;
      const current = entry.generation === this.#generation;
      if (everything || !current || !(entry.used || this.#inUse(entry.key))) this.#remove(entry);
      entry.used = false;
    }
    this.#tidy(slab);
  }

  #advance(): Slab {
    this.#hand = (this.#hand + 1) % this.#slabs.length;
    return this.#slabs[this.#hand]!;
  }

  #remove(entry: Entry): void {
    entry.removed = true;
    entry.slab.live -= entry.length;
    this.#live -= entry.length;
    this.#entries.delete(entry.key);
  }

  /** Moves together what is still there. */
  #tidy(slab: Slab): void {
    const kept: Entry[] = [];
    let end = 0;
    for (const entry of slab.entries) {
      const { key, length, start, removed } = entry;
      if (removed) {
        this.#overhead -= costOf(key);
        continue;
      }
      if (start !== end) slab.bytes.copyWithin(end, start, start + length);
      entry.start = end;
      end += length;
      kept.push(entry);
    }
    slab.entries = kept;
    slab.end = end;
  }
}

function viewOf({ slab, start, length }: Entry): Uint8Array {
  return slab.bytes.subarray(start, start + length);
}

function costOf(key: string): number {
  return ENTRY_SIZE + 2 * key.length;
}
