import type { ListedFile, SourceFile } from "../catalog/file.ts";
import { pathTest } from "../catalog/path_patterns.ts";
import type { PieceRecord } from "../catalog/zsync_sums.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { ScanProgress, SourceScanResult } from "../catalog/scan_result.ts";
import type { Config } from "../config/config.ts";
import { keepRemovedOf } from "../config/keep_removed.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store } from "../store/store.ts";
import type { BeforeWrite } from "./before_write.ts";
import { Breather } from "./breather.ts";
import { keepGone } from "./gone_files.ts";
import { HashQueue } from "./hash_queue.ts";
import type { HashWishes } from "./hash_wishes.ts";
import { liesBelow } from "./lies_below.ts";
import { SourceIndex } from "./source_index.ts";
import { walk, type WalkResult } from "./walk.ts";
import { Warnings } from "./warnings.ts";

/** What {@linkcode scanSource} takes. */
export interface SourceScanOptions {
  readonly store: Pick<
    Store,
    "lock" | "lookup" | "notes" | "putPieces" | "sourceFiles" | "updateSource"
  >;
  /** Absolute path without a trailing slash. */
  readonly repository: string;
  /** Patterns of paths that are as if they were not there; default: none. */
  readonly exclude?: Config["exclude"];
  /** For how long files that left stay answerable. */
  readonly keepRemoved?: Config["keepRemoved"];
  /** Metadata sets, which may want that, too. */
  readonly metadataSets?: Config["metadataSets"];
  /** Called before the index is written. Default: nobody wants to know. */
  readonly beforeWrite?: BeforeWrite;
  /** Which hashes to compute. */
  readonly hashes: HashWishes;
  /** Whether a thread cannot be started, for want of file descriptors. Default: never. */
  readonly pressure?: () => boolean;
  /** Threads that answer requests; 0: this one does, so that it pauses more often; default auto. */
  readonly workers?: Config["workers"];
  /** Read every file again; default false. */
  readonly rehash?: boolean;
  /** Accept an empty or missing repository although the index is not empty; default false. */
  readonly force?: boolean;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
  /** Ends the scan; the index stays as it was. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Files from which on hashing takes so long that sizes and times are written before. */
const MANY = 2000;

/** Bytes from which on it does. */
const MUCH = 32 * 1024 * 1024;

/** Milliseconds between two writes of hashes. */
const WRITE = 1000;

/** Files between two reports of progress. */
const PROGRESS_STEP = 256;

/**
 * Indexes the source repository. A file is read only when its size or time changed, a wanted hash is
 * missing, or on demand. What cannot be read stays in the index with what is known of it.
 *
 * @throws {ScanError} when another scan runs, here or on another node, or the repository cannot be used
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function scanSource(options: SourceScanOptions): Promise<SourceScanResult> {
  const { store, signal } = options;
  signal.throwIfAborted();
  await using lock = await store.lock("source");
  if (lock === null) {
    throw new ScanError("in_progress", "a scan of the source repository is already in progress");
  }
  try {
    return await new SourceScan(options, AbortSignal.any([signal, lock.signal])).run();
  } catch (error) {
    signal.throwIfAborted();
    if (!lock.signal.aborted) throw error;
    throw new ScanError(
      "in_progress",
      "the lock was lost, another scan of the source repository may be running",
      { cause: error },
    );
  }
}

/** One scan of the source, under its lock. */
class SourceScan {
  readonly #breather: Breather;
  readonly #warnings = new Warnings();
  #changed: SourceFile[] = [];
  /** Files to be hashed that are new, or have another size or time. */
  #unhashed: SourceFile[] = [];
  #hashing = { files: 0, bytes: 0 };
  /** What was written before everything was hashed; `null`: nothing. */
  #early: { readonly changed: Set<string>; readonly removed: Set<string> } | null = null;
  /** New files that were written and are gone since. */
  readonly #vanished: string[] = [];
  #count = 0;
  #writing: Promise<void> = Promise.resolve();
  #written = 0;
  readonly #index: SourceIndex;
  #kept: Promise<void> = Promise.resolve();
  #files = 0;
  #bytes = 0;
  /** When it began, in milliseconds since the epoch. */
  readonly #began: number;

  readonly #excluded: ((path: string) => boolean) | null;
  #excludedFiles = 0;
  readonly #options: SourceScanOptions;
  readonly #signal: AbortSignal;

  constructor(options: SourceScanOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    const { now, hashes, rehash = false, workers, exclude = [] } = options;
    this.#began = now();
    this.#excluded = pathTest(exclude);
    this.#breather = new Breather(now, signal, workers !== 0);
    this.#index = new SourceIndex(hashes, rehash);
  }

  async run(): Promise<SourceScanResult> {
    const { store, log, onProgress } = this.#options;
    await this.#index.load(store, this.#signal);
    await using queue = this.#hashQueue();
    const walked = await this.#walk(queue);
    this.#refuseToWipe();
    if (this.#hashing.files >= MANY || this.#hashing.bytes >= MUCH) await this.#writeEarly(walked);
    this.#unhashed = [];
    const hashed = await queue.finish();
    await this.#writing;
    await this.#kept;
    this.#verify(walked);
    const gone = this.#removed(walked);
    const removed = gone.filter((path) => !this.#early?.removed.has(path));
    if (this.#changed.length + removed.length > 0) {
      onProgress?.({
        phase: "writing",
        files: this.#changed.length + removed.length,
        total: this.#files,
      });
      await this.#update(this.#takeChanged(), removed);
    }
    const warnings = this.#warnings.all();
    for (const warning of warnings) log.warn(`Source scan: ${warning}`);
    return {
      files: this.#files,
      changed: this.#count,
      removed: gone.length,
      hashed,
      bytes: this.#bytes,
      aliases: walked.aliases,
      outside: walked.outside,
      warnings,
    };
  }

  async #walk(queue: HashQueue): Promise<WalkResult> {
    const { repository, onProgress } = this.#options;
    try {
      return await walk({
        repository,
        breather: this.#breather,
        onFile: (file) => {
          this.#take(file, queue);
          if (this.#files % PROGRESS_STEP === 0) {
            onProgress?.({ phase: "listing", files: this.#files, total: null });
          }
        },
        onWarning: (message) => this.#warnings.add(message),
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      return this.#withoutRepository(error);
    }
  }

  /** Writes what is known before everything is hashed: nobody is to wait for the hashes of others. */
  async #writeEarly(walked: WalkResult): Promise<void> {
    this.#verify(walked);
    const removed = this.#removed(walked);
    const done = new Set(this.#changed.map(({ path }) => path));
    const unhashed = this.#unhashed.filter(({ path }) => !done.has(path));
    this.#early = {
      changed: new Set(unhashed.map(({ path }) => path)),
      removed: new Set(removed),
    };
    this.#changed.push(...unhashed);
    if (this.#changed.length + removed.length === 0) return;
    const changed = this.#takeChanged();
    await this.#update(changed, removed);
    this.#written = this.#options.now();
  }

  async #update(changed: readonly SourceFile[], removed: readonly string[]): Promise<void> {
    const { store, keepRemoved = null, metadataSets = [], now, beforeWrite } = this.#options;
    await keepGone({ store, keepRemoved: keepRemovedOf({ keepRemoved, metadataSets }), now }, {
      changed: changed.map(({ path }) => path),
      removed: removed.filter((path) => !this.#excluded?.(path)),
    });
    await beforeWrite?.({ changed, removed });
    await store.updateSource({ changed, removed }, this.#signal);
  }

  /**
   * Takes out what is to be written, and counts each file once. Versions that are new are seen now, but for
   * those of an index that was empty: they may have been there for long.
   */
  #takeChanged(): SourceFile[] {
    const changed = this.#changed;
    this.#changed = [];
    for (const { path, sha1, sha256, md5 } of changed) {
      // Its size and time were counted when they were written.
      if (`${sha1}${sha256}${md5}` === "" || !this.#early?.changed.has(path)) this.#count++;
    }
    if (this.#index.length === 0) return changed;
    return changed.map((file) =>
      this.#index.known(file)?.unchanged ? file : { ...file, firstSeen: this.#began }
    );
  }

  /** Writes hashes now and then while there are more to come. */
  #writeNowAndThen(): void {
    const { now, store } = this.#options;
    if (this.#early === null || now() - this.#written < WRITE) return;
    this.#written = now();
    const changed = this.#takeChanged();
    this.#writing = this.#writing.then(() =>
      store.updateSource({ changed, removed: [] }, this.#signal)
    );
    // Whoever waits for the end is told.
    this.#writing.catch(() => {});
  }

  /** A disk that was unmounted while files were read must not take them out of the index. */
  #verify(walked: WalkResult): void {
    try {
      walked.verify();
    } catch (error) {
      throw this.#unusable(error);
    }
    this.#refuseToWipe();
  }

  /** Decides what is to be done with a file that is there. */
  #take(file: ListedFile, queue: HashQueue): void {
    const { hashes, rehash = false } = this.#options;
    if (this.#excluded?.(file.path)) {
      this.#excludedFiles++;
      return;
    }
    this.#files++;
    this.#bytes += file.size;
    const known = this.#index.meet(file);
    if (known?.unchanged && known.hashed && !rehash) return;
    const { pieces = null } = hashes;
    const whole = hashes.sha1 || hashes.sha256 || hashes.md5;
    if (whole || pieces !== null && file.size >= pieces.minSize) {
      this.#hashing.files++;
      this.#hashing.bytes += file.size;
      if (!known?.unchanged) this.#unhashed.push({ ...file, sha1: "", sha256: "", md5: "" });
      queue.add(file);
    } else if (!known?.unchanged) this.#changed.push({ ...file, sha1: "", sha256: "", md5: "" });
  }

  #hashQueue(): HashQueue {
    const { repository, hashes, pressure, onProgress } = this.#options;
    return new HashQueue({
      repository,
      pressure,
      hashes,
      breather: this.#breather,
      signal: this.#signal,
      onHashed: ({ file: result, pieces }, file) => {
        if (pieces !== null) this.#keep(pieces);
        this.#bytes += result.size - file.size;
        if (this.#index.equals(result)) return;
        this.#changed.push(result);
        this.#writeNowAndThen();
      },
      onFailed: (error, file) => this.#unreadable(file, error),
      onProgress,
    });
  }

  /** Stores hashes of pieces at once: they do no harm before their file is in the index. */
  #keep(pieces: PieceRecord): void {
    const { store } = this.#options;
    this.#kept = this.#kept.then(() => store.putPieces(pieces));
    // Whoever waits for the end is told.
    this.#kept.catch(() => {});
  }

  #unreadable(file: ListedFile, error: unknown): void {
    if (error instanceof Deno.errors.NotFound) {
      this.#files--;
      this.#bytes -= file.size;
      this.#index.forget(file.path);
      if (this.#early?.changed.has(file.path)) this.#vanished.push(file.path);
      return;
    }
    this.#warnings.add(`Cannot read "${file.path}": ${messageOf(error)}`);
    if (!this.#index.known(file)?.unchanged && !this.#early?.changed.has(file.path)) {
      this.#changed.push({ ...file, sha1: "", sha256: "", md5: "" });
    }
  }

  /** What is in the index and no more in the repository, as far as that could be seen. */
  #removed({ unreadDirectories, unreadFiles }: WalkResult): string[] {
    for (const path of unreadFiles) this.#index.see(path);
    const hidden = new Set(unreadDirectories);
    return [...this.#index.missing(), ...this.#vanished]
      .filter((path) => !liesBelow(path, hidden) || this.#excluded?.(path));
  }

  /** A disk that is not mounted must not wipe the index. */
  #refuseToWipe(): void {
    const { repository, force = false } = this.#options;
    const found = this.#files + this.#excludedFiles;
    if (found > 0 || this.#index.length === 0 || force) return;
    throw new ScanError(
      "repository",
      `The repository "${repository}" has no files, but the index has ${this.#index.length}: ` +
        "mount it, or force the scan to empty the index",
    );
  }

  /** The repository is missing or cannot be read: as if it were empty when forced, else an error. */
  #withoutRepository(error: unknown): WalkResult {
    if (!(error instanceof Deno.errors.NotFound && this.#options.force)) {
      throw this.#unusable(error);
    }
    return {
      aliases: new Map(),
      outside: [],
      unreadDirectories: [],
      unreadFiles: [],
      verify: () => {},
    };
  }

  #unusable(error: unknown): ScanError {
    const { repository } = this.#options;
    const detail = error instanceof Deno.errors.NotFound
      ? "no such directory"
      : error instanceof Deno.errors.NotCapable
      ? `the permission is missing, start with --allow-read=${repository}`
      : messageOf(error);
    const message = `Cannot read the repository "${repository}": ${detail}`;
    return new ScanError("repository", message, { cause: error });
  }
}
