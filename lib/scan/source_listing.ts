import type { SourceFile } from "../catalog/file.ts";
import type { Store, StoreChange } from "../store/store.ts";
import { FileTable } from "./file_table.ts";

/**
 * The files of the source for scans of mirrors to compare with: read when a scan needs them first. Where
 * the store tells what changed, that is taken over; else they are read again when they are needed.
 */
export class SourceListing {
  readonly #store: Pick<Store, "sourceFiles">;
  #files: Promise<FileTable> | null = null;
  /** What was read; `null`: it is being read, or nobody asked. */
  #table: FileTable | null = null;
  /** Files of the table that are gone. */
  #gone = new Set<string>();

  /**
   * Reads nothing yet.
   *
   * @param signal ends the watching
   */
  constructor(store: Pick<Store, "sourceFiles" | "watch">, signal: AbortSignal) {
    this.#store = store;
    store.watch((change) => this.#take(change), signal);
  }

  /** The files as they are now; they may change from the next turn on. @throws {StoreUnavailableError} */
  files(): Promise<FileTable> {
    if (this.#table !== null && this.#gone.size > 0) {
      this.#table = this.#table.without(this.#gone);
      this.#gone = new Set();
      this.#files = Promise.resolve(this.#table);
    }
    const files = this.#files ??= this.#read();
    files.then((table) => {
      if (this.#files === files) this.#table = table;
    }, () => {
      if (this.#files === files) this.#files = null;
    });
    return files;
  }

  /** Lets go of what was read. */
  forget(): void {
    this.#files = null;
    this.#table = null;
    this.#gone.clear();
  }

  #take(change: StoreChange): void {
    const { type } = change;
    if (type === "missed" || type === "availability") return this.forget();
    if (type !== "files" || change.now === "same") return;
    if (this.#table === null || change.now === undefined) return this.forget();
    this.#put(this.#table, change.now);
    if (change.now.length === change.paths.length) return;
    const there = new Set(change.now.map(({ path }) => path));
    for (const path of change.paths) {
      if (!there.has(path) && this.#table.find(path) >= 0) this.#gone.add(path);
    }
  }

  #put(table: FileTable, files: readonly SourceFile[]): void {
    for (const { path, size, modTime, firstSeen } of files) {
      const slot = table.find(path);
      if (slot < 0) table.add(path, size, modTime, firstSeen);
      // As the store has it: a version that is there was first seen when it was.
      else if (this.#gone.delete(path) || !table.matches(slot, size, modTime)) {
        table.replace(slot, size, modTime, firstSeen);
      }
    }
  }

  async #read(): Promise<FileTable> {
    const table = new FileTable();
    for await (const batch of this.#store.sourceFiles()) {
      for (const { path, size, modTime, firstSeen } of batch) {
        table.add(path, size, modTime, firstSeen);
      }
    }
    return table;
  }
}
