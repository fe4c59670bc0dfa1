import type { FileVersion } from "../catalog/file_difference.ts";

/** In which directory each file of a table is. */
export interface FileDirectories {
  /** By slot: the number of the directory. */
  readonly numbers: Uint32Array;
  /** By number: the path of the directory, with slashes on both ends. */
  readonly paths: readonly string[];
}

/**
 * How far from its turn a file may be. Redis gives all of its sets in one order, but for a few members that
 * change places, or are in one of them only.
 */
const NEAR = 3;

/**
 * Files with size and time, packed: what is known of hundreds of thousands of files costs little more
 * than their paths. Files that are looked for in the order in which they were added are found without a
 * look at any other: most listings come in the order of the one before.
 */
export class FileTable {
  /** By slot. */
  readonly #paths: string[] = [];
  /** `null`: every file was found in its turn so far. */
  #slots: Map<string, number> | null = null;
  /** The slot that was found last. */
  #found = -1;
  /** Whether that was near the one before. */
  #inTurn = true;
  #sizes = new Float64Array(1024);
  /** NaN: unknown. */
  #times = new Float64Array(1024);
  /** NaN: unknown; `null`: of all files. */
  #seen: Float64Array<ArrayBuffer> | null = null;
  #changes = 0;
  /** What {@linkcode directories} gave last; `null`: nobody asked. */
  #directories: DirectoryNumbers | null = null;

  /** Number of files. */
  get length(): number {
    return this.#paths.length;
  }

  /** How often a file was added, or another took its place. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Adds a file that is not there yet.
   *
   * @param size in bytes
   * @param modTime milliseconds since the epoch; `null` when unknown
   * @param firstSeen when that version was first seen, in milliseconds since the epoch; absent: unknown
   * @returns its slot; slots count from 0
   */
  add(path: string, size: number, modTime: number | null, firstSeen?: number): number {
    const slot = this.#paths.length;
    if (slot === this.#sizes.length) {
      this.#sizes = grown(this.#sizes);
      this.#times = grown(this.#times);
      if (this.#seen !== null) this.#seen = grown(this.#seen);
    }
    this.#paths.push(path);
    this.#slots?.set(path, slot);
    this.replace(slot, size, modTime, firstSeen);
    return slot;
  }

  /** Puts another version in the place of the one in a slot; as {@linkcode add} has it. */
  replace(slot: number, size: number, modTime: number | null, firstSeen?: number): void {
    this.#changes++;
    this.#sizes[slot] = size;
    this.#times[slot] = modTime ?? NaN;
    if (firstSeen !== undefined) this.#seen ??= new Float64Array(this.#sizes.length).fill(NaN);
    if (this.#seen !== null) this.#seen[slot] = firstSeen ?? NaN;
  }

  /** Makes a table of the files that are not in a set. */
  without(paths: ReadonlySet<string>): FileTable {
    const table = new FileTable();
    for (const [slot, path] of this.#paths.entries()) {
      if (paths.has(path)) continue;
      const seen = this.#seen?.[slot] ?? NaN;
      const firstSeen = Number.isNaN(seen) ? undefined : seen;
      table.add(path, this.#sizes[slot]!, this.modTimeAt(slot), firstSeen);
    }
    return table;
  }

  /** @returns the slot of a file; -1 when it is not there */
  find(path: string): number {
    if (this.#inTurn) {
      const near = this.#findNear(path);
      if (near >= 0) return this.#found = near;
    }
    this.#slots ??= slotsOf(this.#paths);
    const slot = this.#slots.get(path);
    if (slot === undefined) return -1;
    this.#inTurn = Math.abs(slot - this.#found - 1) <= NEAR;
    return this.#found = slot;
  }

  /** @returns the slot of a file that is close to the one that was found last; -1 when it is none of those */
  #findNear(path: string): number {
    const paths = this.#paths;
    const next = this.#found + 1;
    if (paths[next] === path) return next;
    // Who has no more than the first turn to go by needs no map for it.
    if (this.#slots === null) return -1;
    for (let away = 1; away <= NEAR; away++) {
      if (paths[next + away] === path) return next + away;
      if (away <= next && paths[next - away] === path) return next - away;
    }
    return -1;
  }

  /** Whether the file in a slot has exactly this size and time. */
  matches(slot: number, size: number, modTime: number | null): boolean {
    return this.#sizes[slot] === size && Object.is(this.#times[slot], modTime ?? NaN);
  }

  /** Size in bytes of the file in a slot. */
  sizeAt(slot: number): number {
    return this.#sizes[slot]!;
  }

  /** Time of the file in a slot, in milliseconds since the epoch; `null` when unknown. */
  modTimeAt(slot: number): number | null {
    const modTime = this.#times[slot]!;
    return Number.isNaN(modTime) ? null : modTime;
  }

  /**
   * Since when the file in a slot has been what it is: when that was first seen, or else its time;
   * `null`: neither is known.
   */
  sinceAt(slot: number): number | null {
    const seen = this.#seen?.[slot] ?? NaN;
    return Number.isNaN(seen) ? this.modTimeAt(slot) : seen;
  }

  /** A file with its size and time; `null`: it is not there. */
  version(path: string): FileVersion | null {
    const slot = this.find(path);
    return slot < 0 ? null : { size: this.sizeAt(slot), modTime: this.modTimeAt(slot) };
  }

  /** In which directory each file is; found out when somebody asks, and then of new files only. */
  directories(): FileDirectories {
    this.#directories ??= new DirectoryNumbers();
    return this.#directories.bringUpTo(this.#paths);
  }

  /** The paths, by slot. */
  paths(): Iterable<string> {
    return this.#paths.values();
  }
}

function slotsOf(paths: readonly string[]): Map<string, number> {
  const slots = new Map<string, number>();
  for (let slot = 0; slot < paths.length; slot++) slots.set(paths[slot]!, slot);
  return slots;
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Numbers the directories of files. */
class DirectoryNumbers implements FileDirectories {
  readonly paths: string[] = [];
  readonly #numbers = new Map<string, number>();
  #ofFiles = new Uint32Array(1024);
  #files = 0;

  get numbers(): Uint32Array {
    return this.#ofFiles;
  }

  /** @param files paths, by slot; those that were there before come first, as before */
  bringUpTo(files: readonly string[]): this {
    if (files.length > this.#ofFiles.length) {
      const larger = new Uint32Array(Math.max(files.length, this.#ofFiles.length * 2));
      larger.set(this.#ofFiles);
      this.#ofFiles = larger;
    }
    for (; this.#files < files.length; this.#files++) {
      this.#ofFiles[this.#files] = this.#numberOf(files[this.#files]!);
    }
    return this;
  }

  #numberOf(file: string): number {
    const path = file.slice(0, file.lastIndexOf("/") + 1);
    const known = this.#numbers.get(path);
    if (known !== undefined) return known;
    this.#numbers.set(path, this.paths.length);
    return this.paths.push(path) - 1;
  }
}
