import type { SourceFile } from "../catalog/file.ts";
import type { PieceRecord } from "../catalog/zsync_sums.ts";
import { keepRemovedOf } from "../config/keep_removed.ts";
import { keepGone } from "./gone_files.ts";
import type { SourceIndex } from "./source_index.ts";
import type { SourceScanOptions } from "./source_scan_options.ts";

/** Milliseconds between two writes of hashes. */
const WRITE = 1000;

/** Brings what a scan of the source finds into the store: at its end, or in parts while files are read. */
export class SourceWriter {
  readonly #options: SourceScanOptions;
  readonly #index: SourceIndex;
  readonly #excluded: ((path: string) => boolean) | null;
  /** When it began, in milliseconds since the epoch. */
  readonly #began: number;
  #changed: SourceFile[] = [];
  /** Files to be hashed that are new, or have another size or time. */
  #unhashed: SourceFile[] = [];
  /** What was written before everything was hashed; `null`: nothing. */
  #early: { readonly changed: Set<string>; readonly removed: Set<string> } | null = null;
  #count = 0;
  #writing: Promise<void> = Promise.resolve();
  #written = 0;
  #kept: Promise<void> = Promise.resolve();

  /**
   * @param options whose signal ends the writing, too
   * @param index what was known before
   * @param excluded tells which paths are as if they were not there; `null`: none
   */
  constructor(
    options: SourceScanOptions,
    index: SourceIndex,
    excluded: ((path: string) => boolean) | null,
  ) {
    this.#options = options;
    this.#index = index;
    this.#excluded = excluded;
    this.#began = options.now();
  }

  /** Files that are new or have another size, time or hash, as far as they were written. */
  get count(): number {
    return this.#count;
  }

  /** Takes a file of which nothing more is to be found out. */
  add(file: SourceFile): void {
    this.#changed.push(file);
  }

  /** Takes a file that is to be hashed, and may be written before. */
  addUnhashed(file: SourceFile): void {
    this.#unhashed.push(file);
  }

  /** Nothing is written any more before it is hashed. */
  forgetUnhashed(): void {
    this.#unhashed = [];
  }

  /** Takes a file that was hashed, and writes hashes now and then while there are more to come. */
  addHashed(file: SourceFile): void {
    this.#changed.push(file);
    const { now, store, signal } = this.#options;
    if (this.#early === null || now() - this.#written < WRITE) return;
    this.#written = now();
    const changed = this.#takeChanged();
    this.#writing = this.#writing.then(() => store.updateSource({ changed, removed: [] }, signal));
    // Whoever waits for the end is told.
    this.#writing.catch(() => {});
  }

  /** Stores hashes of pieces at once: they do no harm before their file is in the index. */
  keep(pieces: PieceRecord): void {
    const { store } = this.#options;
    this.#kept = this.#kept.then(() => store.putPieces(pieces));
    // Whoever waits for the end is told.
    this.#kept.catch(() => {});
  }

  /** Whether a file was written before it was hashed. */
  wroteEarly(path: string): boolean {
    return this.#early?.changed.has(path) ?? false;
  }

  /**
   * Writes what is known before everything is hashed: nobody is to wait for the hashes of others.
   *
   * @param removed what is gone
   */
  async writeEarly(removed: readonly string[]): Promise<void> {
    const done = new Set(this.#changed.map(({ path }) => path));
    const unhashed = this.#unhashed.filter(({ path }) => !done.has(path));
    this.#early = {
      changed: new Set(unhashed.map(({ path }) => path)),
      removed: new Set(removed),
    };
    this.#changed.push(...unhashed);
    if (this.#changed.length + removed.length === 0) return;
    // Hashes that are found meanwhile are written after it: it would take them away again.
    this.#writing = this.#update(this.#takeChanged(), removed);
    await this.#writing;
    this.#written = this.#options.now();
  }

  /** Waits for what is being written. @throws what went wrong with it */
  async settled(): Promise<void> {
    await this.#writing;
    await this.#kept;
  }

  /**
   * Writes the rest.
   *
   * @param gone everything that is gone
   * @param onWriting told how many files that are, if any
   */
  async finish(gone: readonly string[], onWriting: (files: number) => void): Promise<void> {
    const removed = gone.filter((path) => !this.#early?.removed.has(path));
    const files = this.#changed.length + removed.length;
    if (files === 0) return;
    onWriting(files);
    await this.#update(this.#takeChanged(), removed);
  }

  async #update(changed: readonly SourceFile[], removed: readonly string[]): Promise<void> {
    const { store, keepRemoved = null, metadataSets = [], now, beforeWrite, signal } =
      this.#options;
    await keepGone({ store, keepRemoved: keepRemovedOf({ keepRemoved, metadataSets }), now }, {
      changed: changed.map(({ path }) => path),
      removed: removed.filter((path) => !this.#excluded?.(path)),
    });
    await beforeWrite?.({ changed, removed });
    await store.updateSource({ changed, removed }, signal);
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
}
