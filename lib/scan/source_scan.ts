import type { ListedFile } from "../catalog/file.ts";
import type { SourceScanResult } from "../catalog/scan_result.ts";
import { pathTest } from "../catalog/path_patterns.ts";
import { ScanError } from "../catalog/scan_error.ts";
import { messageOf } from "../log/message_of.ts";
import { Breather } from "./breather.ts";
import { HashQueue } from "./hash_queue.ts";
import { liesBelow } from "./lies_below.ts";
import { SourceIndex } from "./source_index.ts";
import { SourceWriter } from "./source_writer.ts";
import { walk, type WalkResult } from "./walk.ts";
import { Warnings } from "./warnings.ts";
import type { SourceScanOptions } from "./source_scan_options.ts";

/** Files from which on hashing takes so long that sizes and times are written before. */
const MANY = 2000;

/** Bytes from which on it does. */
const MUCH = 32 * 1024 * 1024;

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
  #hashing = { files: 0, bytes: 0 };
  /** New files that were written and are gone since. */
  readonly #vanished: string[] = [];
  readonly #index: SourceIndex;
  readonly #writer: SourceWriter;
  #files = 0;
  #bytes = 0;
  readonly #excluded: ((path: string) => boolean) | null;
  #excludedFiles = 0;
  readonly #options: SourceScanOptions;
  readonly #signal: AbortSignal;

  constructor(options: SourceScanOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    const { now, hashes, rehash = false, workers, exclude = [] } = options;
    this.#excluded = pathTest(exclude);
    this.#breather = new Breather(now, signal, workers !== 0);
    this.#index = new SourceIndex(hashes, rehash);
    this.#writer = new SourceWriter({ ...options, signal }, this.#index, this.#excluded);
  }

  async run(): Promise<SourceScanResult> {
    const { store, log, onProgress } = this.#options;
    await this.#index.load(store, this.#signal);
    await using queue = this.#hashQueue();
    const walked = await this.#walk(queue);
    this.#refuseToWipe();
    if (this.#hashing.files >= MANY || this.#hashing.bytes >= MUCH) {
      this.#verify(walked);
      await this.#writer.writeEarly(this.#removed(walked));
    }
    this.#writer.forgetUnhashed();
    const hashed = await queue.finish();
    await this.#writer.settled();
    this.#verify(walked);
    const gone = this.#removed(walked);
    await this.#writer.finish(gone, (files) => {
      onProgress?.({ phase: "writing", files, total: this.#files });
    });
    const warnings = this.#warnings.all();
    for (const warning of warnings) log.warn(`Source scan: ${warning}`);
    return {
      files: this.#files,
      changed: this.#writer.count,
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
      if (!known?.unchanged) this.#writer.addUnhashed({ ...file, sha1: "", sha256: "", md5: "" });
      queue.add(file);
    } else if (!known?.unchanged) this.#writer.add({ ...file, sha1: "", sha256: "", md5: "" });
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
        if (pieces !== null) this.#writer.keep(pieces);
        this.#bytes += result.size - file.size;
        if (this.#index.equals(result)) return;
        this.#writer.addHashed(result);
      },
      onFailed: (error, file) => this.#unreadable(file, error),
      onProgress,
    });
  }

  #unreadable(file: ListedFile, error: unknown): void {
    if (error instanceof Deno.errors.NotFound) {
      this.#files--;
      this.#bytes -= file.size;
      this.#index.forget(file.path);
      if (this.#writer.wroteEarly(file.path)) this.#vanished.push(file.path);
      return;
    }
    this.#warnings.add(`Cannot read "${file.path}": ${messageOf(error)}`);
    if (!this.#index.known(file)?.unchanged && !this.#writer.wroteEarly(file.path)) {
      this.#writer.add({ ...file, sha1: "", sha256: "", md5: "" });
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
