import type { ListedFile } from "../catalog/file.ts";
import type { ScanProgress } from "../catalog/scan_result.ts";
import type { Breather } from "./breather.ts";
import { FileHasher, type HashedContents } from "./file_hasher.ts";
import type { HashedFile, HashThread } from "./hash_thread.ts";
import type { HashWishes } from "./hash_wishes.ts";

/** Files from which on a thread of its own is worth its start. */
const MANY = 2048;

/** Bytes from which on it is. */
const MUCH = 32 * 1024 * 1024;

/** Most files of one order to the thread. */
const ORDER = 512;

/** Orders that wait for the thread, at most: it must not run out of work while this one is busy. */
const ORDERS = 4;

/** Bytes of files that are small, on the average. */
const SMALL = 64 * 1024;

/** Files that are read at once on this thread. */
const READERS = 4;

/** Files between two reports of progress. */
const PROGRESS_STEP = 256;

/** Files from this many bytes on are reported when their turn comes. */
const LARGE = 1024 * 1024;

/** What a {@linkcode HashQueue} takes. */
export interface HashQueueOptions {
  /** Absolute path without a trailing slash. */
  readonly repository: string;
  /** Which hashes to compute. */
  readonly hashes: HashWishes;
  readonly breather: Breather;
  /** Whether a thread cannot be started, for want of file descriptors. Default: never. */
  readonly pressure?: (() => boolean) | undefined;
  /** Ends the work. */
  readonly signal: AbortSignal;
  /** Called for each file that was read. */
  readonly onHashed: (contents: HashedContents, listed: ListedFile) => void;
  /** Called for each file that could not be read. */
  readonly onFailed: (error: unknown, listed: ListedFile) => void;
  /** Told how far it is while {@linkcode HashQueue.finish} waits. */
  readonly onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/**
 * Hashes files as they are found: many of them on a thread of its own, and at once; a few, and small ones
 * that it has not got to, on this one when all are known.
 */
export class HashQueue implements AsyncDisposable {
  /** Waiting, from {@linkcode HashQueue.#next} on. */
  readonly #files: ListedFile[] = [];
  #next = 0;
  #total = 0;
  #totalBytes = 0;
  #hashed = 0;
  #bytes = 0;
  /** Read by the thread of the file that it is at. */
  #read = 0;
  /** Whether all files are known. */
  #complete = false;
  #ended = false;
  #working: Promise<void> | null = null;
  #thread: HashThread | null = null;
  /** Fulfilled when there is more to do, or will be no more; `null`: nobody waits for that. */
  #more: PromiseWithResolvers<void> | null = null;

  readonly #options: HashQueueOptions;

  constructor(options: HashQueueOptions) {
    this.#options = options;
  }

  /** Takes a file to hash. */
  add(file: ListedFile): void {
    this.#files.push(file);
    this.#total++;
    this.#totalBytes += file.size;
    this.#wake();
    if (this.#working === null && (this.#total >= MANY || this.#totalBytes >= MUCH)) {
      this.#working = this.#workThere();
      // Whoever waits for the end is told.
      this.#working.catch(() => {});
    }
  }

  /**
   * Waits until every file was hashed.
   *
   * @returns how many were
   * @throws the signal's reason when it was aborted
   */
  async finish(): Promise<number> {
    this.#complete = true;
    this.#wake();
    // Small files take longer to open than to hash: two threads are done with them in half the time.
    if (this.#totalBytes <= this.#total * SMALL) await this.#readHere();
    // Large ones would keep both busy for long, and requests from the cores.
    await this.#working;
    // Everything where no thread was started, and what is left where it failed.
    await this.#readHere();
    return this.#hashed;
  }

  /** Ends the work. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#complete = true;
    this.#ended = true;
    this.#wake();
    this.#thread?.[Symbol.dispose]();
    await Promise.allSettled([this.#working]);
  }

  #wake(): void {
    this.#more?.resolve();
    this.#more = null;
  }

  /** Has a thread hash until there will be no more to do, or it fails, or the work is ended. */
  async #workThere(): Promise<void> {
    const { repository, hashes, signal } = this.#options;
    // A module of its own: what the thread starts with is no more than that.
    const { HashThread, mayHash } = await import("./hash_thread.ts");
    if (this.#ended || signal.aborted || this.#options.pressure?.() || !mayHash(repository)) return;
    using thread = new HashThread(repository, hashes, (file, read) => {
      this.#read = Math.min(this.#read + read, file.size);
      this.#report(file);
    });
    this.#thread = thread;
    const stop = (): void => thread[Symbol.dispose]();
    signal.addEventListener("abort", stop);
    try {
      await Promise.all(Array.from({ length: ORDERS }, () => this.#giveOrders(thread)));
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Gives the thread one order after the other. */
  async #giveOrders(thread: HashThread): Promise<void> {
    while (true) {
      const order = this.#order();
      if (order.length === 0) {
        if (this.#complete) return;
        this.#more ??= Promise.withResolvers();
        await this.#more.promise;
        continue;
      }
      let results: readonly HashedFile[];
      try {
        results = await thread.hash(order);
      } catch {
        // Then they are hashed on this thread.
        if (!this.#ended) this.#files.push(...order);
        return;
      }
      this.#read = 0;
      order.forEach((file, i) => this.#take(file, results[i]!));
      this.#report(order.at(-1)!);
    }
  }

  /** The next files, so few that the thread is done with them soon, or one large one. */
  #order(): ListedFile[] {
    const order: ListedFile[] = [];
    let bytes = 0;
    while (order.length < ORDER) {
      const file = this.#files[this.#next];
      if (file === undefined || bytes > 0 && bytes + file.size > LARGE) break;
      order.push(file);
      bytes += file.size;
      this.#next++;
    }
    return order;
  }

  #take(file: ListedFile, result: HashedFile): void {
    this.#bytes += file.size;
    if (typeof result === "object" && "file" in result) {
      this.#hashed++;
      this.#options.onHashed(result, file);
    } else {
      const error = result === "gone" ? new Deno.errors.NotFound() : new Error(result.message);
      this.#options.onFailed(error, file);
    }
  }

  /** Hashes on this thread whatever waits. */
  async #readHere(): Promise<void> {
    const readers = Array.from({ length: READERS }, () => this.#workHere());
    await Promise.allSettled(readers);
    await Promise.all(readers);
  }

  /** Hashes one file after the other on this thread. */
  async #workHere(): Promise<void> {
    const { repository, hashes, breather, signal, onHashed, onFailed } = this.#options;
    const hasher = new FileHasher(hashes, breather);
    while (this.#next < this.#files.length) {
      const file = this.#files[this.#next++]!;
      if (breather.due) await breather.pause();
      signal.throwIfAborted();
      const { path, size } = file;
      if (this.#hashed % PROGRESS_STEP === 0 || size >= LARGE) this.#report(file);
      let read = 0;
      try {
        const result = await hasher.hash(repository + path, file, (count) => {
          // A file that changes is read again, and does not count twice.
          const more = Math.min(count, size - read);
          read += more;
          this.#bytes += more;
          this.#report(file);
        });
        this.#hashed++;
        onHashed(result, file);
      } catch (error) {
        signal.throwIfAborted();
        onFailed(error, file);
      }
      this.#bytes += size - read;
    }
  }

  #report({ path }: ListedFile): void {
    if (!this.#complete) return;
    this.#options.onProgress?.({
      phase: "hashing",
      files: this.#hashed,
      total: this.#total,
      path,
      bytes: this.#bytes + this.#read,
      totalBytes: this.#totalBytes,
    });
  }
}
