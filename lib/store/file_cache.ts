import type { IndexedFile } from "../catalog/file.ts";
import { ClockMap } from "./clock_map.ts";
import type { MaybePromise, StoreReader } from "./store.ts";

/** Bytes that an entry takes at least: the file, its hashes, its place in the cache. */
const ENTRY_SIZE = 640;

/** Bytes that one copy takes. */
const COPY_SIZE = 96;

/** Bytes per entry that the default of `maximumBytes` allows. */
const DEFAULT_ENTRY_SIZE = 2048;

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
  /** Most bytes that the files take, estimated; default: 2 KiB for each of `maximumEntries`. */
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
 * remembered stays usable.
 *
 * Memory is bounded: known files by their number and by `maximumBytes`, unknown ones by their number
 * and by an eighth of `maximumBytes`. Sizes are estimated, on the high side, for V8.
 */
export class FileCache {
  readonly #reader: Pick<StoreReader, "lookup">;
  readonly #known: ClockMap<IndexedFile>;
  /** Apart from the known files: a client that makes paths up cannot push these out. */
  readonly #unknown: ClockMap<null>;
  readonly #pending = new Map<string, Pending>();

  /** Starts empty. @throws RangeError when a bound is not positive */
  constructor({ reader, maximumEntries, maximumBytes }: FileCacheOptions) {
    const bytes = maximumBytes ?? maximumEntries * DEFAULT_ENTRY_SIZE;
    this.#reader = reader;
    this.#known = new ClockMap(maximumEntries, bytes);
    this.#unknown = new ClockMap(
      Math.max(1, Math.ceil(maximumEntries / UNKNOWN_SHARE)),
      Math.max(1, Math.ceil(bytes / UNKNOWN_SHARE)),
    );
  }

  /** Number of files that are remembered, unknown ones included. */
  get size(): number {
    return this.#known.size + this.#unknown.size;
  }

  /** Estimated bytes that they take. */
  get bytes(): number {
    return this.#known.weight + this.#unknown.weight;
  }

  /**
   * Asks the cache alone.
   *
   * @param path decoded path with a leading slash
   * @returns `null` when the source has no such file, `undefined` when that is not remembered
   */
  peek(path: string): IndexedFile | null | undefined {
    const file = this.#known.get(path);
    return file !== undefined ? file : this.#unknown.get(path);
  }

  /**
   * Asks the cache, then the store. Those who ask for one file at the same time share one look-up.
   * When its file changes on the way, they get what was read, but it is not remembered, and whoever
   * asks after the change gets a look-up of their own.
   *
   * @param path decoded path with a leading slash
   * @returns `null` when the source has no such file; a promise only where the store needs one
   * @throws StoreUnavailableError when the store cannot be reached; that is not remembered
   */
  load(path: string): MaybePromise<IndexedFile | null> {
    const remembered = this.peek(path);
    if (remembered !== undefined) return remembered;
    const running = this.#pending.get(path);
    if (running !== undefined) return running.answer;
    const answer = this.#reader.lookup(path);
    if (answer instanceof Promise) return this.#wait(path, answer);
    this.#remember(path, answer);
    return answer;
  }

  /** Forgets files that changed. */
  drop(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#known.delete(path);
      this.#unknown.delete(path);
      const running = this.#pending.get(path);
      if (running === undefined) continue;
      running.stale = true;
      this.#pending.delete(path);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#known.clear();
    this.#unknown.clear();
    for (const running of this.#pending.values()) running.stale = true;
    this.#pending.clear();
  }

  #wait(path: string, lookup: Promise<IndexedFile | null>): Promise<IndexedFile | null> {
    const pending: Pending = {
      stale: false,
      answer: lookup.then((file) => {
        if (!pending.stale) {
          this.#pending.delete(path);
          this.#remember(path, file);
        }
        return file;
      }, (error) => {
        if (!pending.stale) this.#pending.delete(path);
        throw error;
      }),
    };
    this.#pending.set(path, pending);
    return pending.answer;
  }

  #remember(path: string, file: IndexedFile | null): void {
    if (file !== null) {
      const size = ENTRY_SIZE + 2 * path.length + COPY_SIZE * file.copies.length;
      this.#known.set(path, file, size);
    } else if (path.length <= LONGEST_UNKNOWN) {
      this.#unknown.set(path, null, ENTRY_SIZE + 2 * path.length);
    }
  }
}
