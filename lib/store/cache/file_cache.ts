import type { IndexedFile } from "../../catalog/file.ts";
import { ownText } from "../../catalog/own_text.ts";
import { ClockMap } from "./clock_map.ts";
import { packFile } from "./packed_file.ts";
import { SlabMap } from "./slab_map.ts";
import { unpackFile } from "./unpacked_file.ts";
import { StoreUnavailableError } from "../store.ts";
import type { MaybePromise, StoreReader } from "../store_reader.ts";

/** Bytes that an unpacked file takes besides its copies: the file, its hashes, its place in the cache. */
const ENTRY_SIZE = 640;

/** Bytes per entry that the default of `maximumBytes` allows. */
const DEFAULT_ENTRY_SIZE = 1024;

/** Share of the bytes that is for unpacked files. */
const UNPACKED_SHARE = 1 / 4;

/** Most files that are kept unpacked besides. */
const MOST_UNPACKED = 16_384;

/** Of this many places, one is for files that do not exist. */
const UNKNOWN_SHARE = 8;

/** Longest path that is remembered as unknown; real paths are shorter. */
const LONGEST_UNKNOWN = 4096;

/** What a file cache is made of. */
export interface FileCacheOptions {
  /** Where files are looked up. */
  readonly reader: Pick<StoreReader, "lookup">;
  /** Most files that are kept; unknown files take an eighth of that besides. */
  readonly maximumEntries: number;
  /** Most bytes that the files take, partly estimated; default: 1 KiB for each of `maximumEntries`. */
  readonly maximumBytes?: number;
}

/** A look-up on its way. */
interface Pending {
  readonly answer: Promise<IndexedFile | null>;
  /** Whether its file changed since it began. */
  stale: boolean;
}

/**
 * Remembers look-ups, for one thread. It must be told of every change: {@linkcode drop} for a path,
 * {@linkcode clear} when messages may have been missed. While the store cannot be reached, what is
 * remembered stays usable; so do files that were forgotten by `clear`, for look-ups that fail. For
 * whoever tells of missed messages may have the store back some time before this thread has.
 *
 * Files are kept packed, some 500 bytes each with 50 copies and what it takes to find them. Those that
 * were asked for lately are kept as objects besides, always the same object for as long as that lasts,
 * so that others can remember things about it.
 *
 * Memory is bounded: known files by their number and by `maximumBytes` (a quarter of it for objects, at
 * most 16 384 of them), unknown ones by an eighth of their number and of `maximumBytes` besides. So
 * `maximumEntries: 200_000` takes 205 MB for files and 26 MB for unknown ones at most. What V8 takes is
 * estimated, on the high side.
 */
export class FileCache {
  readonly #reader: Pick<StoreReader, "lookup">;
  readonly #unpacked: ClockMap<IndexedFile>;
  readonly #packed: SlabMap;
  /** Apart from the known files: a client that makes paths up cannot push these out. */
  readonly #unknown: ClockMap<null>;
  readonly #pending = new Map<string, Pending>();
  #hits = 0;
  #misses = 0;

  /** Starts empty. @throws RangeError when a bound is not positive */
  constructor({ reader, maximumEntries, maximumBytes }: FileCacheOptions) {
    const bytes = maximumBytes ?? maximumEntries * DEFAULT_ENTRY_SIZE;
    this.#reader = reader;
    const unpackedBytes = bytes * UNPACKED_SHARE;
    this.#unpacked = new ClockMap(Math.min(maximumEntries, MOST_UNPACKED), unpackedBytes);
    this.#packed = new SlabMap({
      maximumSize: maximumEntries,
      maximumBytes: bytes - unpackedBytes,
      inUse: (path) => this.#unpacked.has(path),
    });
    this.#unknown = new ClockMap(
      Math.max(1, Math.ceil(maximumEntries / UNKNOWN_SHARE)),
      Math.max(1, Math.ceil(bytes / UNKNOWN_SHARE)),
    );
  }

  /** Number of files that are kept, unknown ones included. */
  get size(): number {
    return this.#packed.size + this.#unknown.size;
  }

  /** How often it was asked for what it remembers, so far. */
  get hits(): number {
    return this.#hits;
  }

  /** How often the store had to be asked, so far. */
  get misses(): number {
    return this.#misses;
  }

  /** Bytes that they take, partly estimated. */
  get bytes(): number {
    return this.#packed.bytes + this.#unpacked.weight + this.#unknown.weight;
  }

  /**
   * Asks the cache alone.
   *
   * @param path decoded path with a leading slash
   * @returns `null` when the source has no such file, `undefined` when that is not remembered
   */
  peek(path: string): IndexedFile | null | undefined {
    const file = this.#unpacked.get(path);
    if (file !== undefined) {
      this.#hits++;
      return file;
    }
    const bytes = this.#packed.get(path);
    const found = bytes !== undefined
      ? this.#unpack(ownText(path), bytes)
      : this.#unknown.get(path);
    if (found !== undefined) this.#hits++;
    return found;
  }

  /** Asks as {@linkcode peek} does, and for what was forgotten by {@linkcode clear}: good enough in need. */
  recall(path: string): IndexedFile | null | undefined {
    const remembered = this.peek(path);
    if (remembered !== undefined) return remembered;
    const bytes = this.#packed.getRetired(path);
    return bytes && unpackFile(path, bytes);
  }

  /**
   * Asks the cache, then the store. Those who ask for one file at the same time share one look-up.
   * When its file changes on the way, they get what was read, but it is not remembered, and whoever
   * asks after the change gets a look-up of their own.
   *
   * @param path decoded path with a leading slash
   * @returns `null` when the source has no such file; a promise only where the store needs one
   * @throws StoreUnavailableError when the store cannot be reached and nothing is left from before
   *   {@linkcode clear}; that is not remembered
   */
  load(path: string): MaybePromise<IndexedFile | null> {
    const remembered = this.peek(path);
    if (remembered !== undefined) return remembered;
    const running = this.#pending.get(path);
    if (running !== undefined) return running.answer;
    this.#misses++;
    const kept = ownText(path);
    let answer: MaybePromise<IndexedFile | null>;
    try {
      answer = this.#reader.lookup(kept);
    } catch (error) {
      return this.#fromBefore(kept, error);
    }
    if (answer instanceof Promise) return this.#wait(kept, answer);
    return this.#remember(kept, answer);
  }

  /** Forgets files that changed. */
  drop(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#unpacked.delete(path);
      this.#packed.delete(path);
      this.#unknown.delete(path);
      const running = this.#pending.get(path);
      if (running === undefined) continue;
      running.stale = true;
      this.#pending.delete(path);
    }
  }

  /** Forgets everything, but for files that cannot be looked up anew. */
  clear(): void {
    this.#unpacked.clear();
    this.#packed.retire();
    this.#unknown.clear();
    for (const running of this.#pending.values()) running.stale = true;
    this.#pending.clear();
  }

  #wait(path: string, lookup: Promise<IndexedFile | null>): Promise<IndexedFile | null> {
    const pending: Pending = {
      stale: false,
      answer: lookup.then((file) => {
        if (pending.stale) return file;
        this.#pending.delete(path);
        return this.#remember(path, file);
      }, (error) => {
        if (!pending.stale) this.#pending.delete(path);
        return this.#fromBefore(path, error);
      }),
    };
    this.#pending.set(path, pending);
    return pending.answer;
  }

  /**
   * Answers a look-up that failed. The answer is not remembered: the next one is looked up again.
   *
   * @throws whatever the look-up failed with, if it is another failure, or nothing is left
   */
  #fromBefore(path: string, error: unknown): IndexedFile | null {
    const file = error instanceof StoreUnavailableError ? this.recall(path) : undefined;
    if (file === undefined) throw error;
    return file;
  }

  /** @returns the same, as the cache gives it out from now on */
  #remember(path: string, file: IndexedFile | null): IndexedFile | null {
    if (file === null) {
      this.#packed.delete(path);
      if (path.length <= LONGEST_UNKNOWN) {
        this.#unknown.set(path, null, ENTRY_SIZE + 2 * path.length);
      }
      return null;
    }
    const bytes = packFile(file);
    this.#packed.set(path, bytes);
    return this.#unpack(path, bytes);
  }

  #unpack(path: string, bytes: Uint8Array): IndexedFile {
    const file = unpackFile(path, bytes);
    this.#unpacked.set(path, file, ENTRY_SIZE + 2 * path.length + bytes.length);
    return file;
  }
}
