import type { SourceFile } from "../catalog/file.ts";
import type { Store, StoreChange } from "../store/store.ts";
import { FileTable } from "./file_table.ts";

/** So many files that changed are read again by themselves, or a quarter of all; beyond, all are. */
const MOST_STALE = 20_000;

/**
 * The files of the source, read once. Where somebody tells what files are now, that is taken over; where it
 * is only told which ones changed, those are read again when they are needed.
 */
export class KeptListing {
  readonly #store: Pick<Store, "sourceFiles" | "sourceFilesAt">;
  /** What comes of the last reading; `null`: nothing was read, or it failed. */
  #files: Promise<FileTable> | null = null;
  /** `null`: nothing was read yet. */
  #table: FileTable | null = null;
  /** Whether the store is being asked: what is told meanwhile may be older or newer than its answer. */
  #reading = false;
  /** Files that have to be read again. */
  readonly #stale = new Set<string>();
  /** Files of the table that are gone. */
  #gone = new Set<string>();

  /** Reads nothing yet. */
  constructor(store: Pick<Store, "sourceFiles" | "sourceFilesAt">) {
    this.#store = store;
  }

  /** The files as they are now; they may change from the next turn on. @throws {StoreUnavailableError} */
  files(): Promise<FileTable> {
    if (this.#files !== null && this.#stale.size + this.#gone.size === 0) return this.#files;
    // One reading after the other: one that is under way may lack what was told since it began.
    const read = (): Promise<FileTable> => this.#read();
    const files = this.#files === null ? read() : this.#files.then(read, read);
    this.#files = files;
    files.catch(() => {
      if (this.#files === files) this.#files = null;
    });
    return files;
  }

  /** Takes note of a change. @returns `false`: too much changed, it is better to begin anew */
  take({ paths, now }: StoreChange & { readonly type: "files" }): boolean {
    if (now === "same") return true;
    if (now === undefined || this.#table === null || this.#reading) {
      for (const path of paths) this.#stale.add(path);
      return this.#stale.size <= Math.max(MOST_STALE, (this.#table?.length ?? 0) / 4);
    }
    const table = this.#table;
    // As stores have it: a version that is there was first seen when it was.
    this.#put(table, now, (file, slot) => table.matches(slot, file.size, file.modTime));
    if (now.length < paths.length) this.#drop(paths, new Set(now.map(({ path }) => path)));
    return true;
  }

  async #read(): Promise<FileTable> {
    const stale = [...this.#stale];
    this.#stale.clear();
    this.#reading = true;
    try {
      if (this.#table === null) this.#table = await this.#readAll();
      else if (stale.length > 0) await this.#readAgain(this.#table, stale);
    } catch (error) {
      for (const path of stale) this.#stale.add(path);
      throw error;
    } finally {
      this.#reading = false;
    }
    if (this.#gone.size > 0) {
      this.#table = this.#table.without(this.#gone);
      this.#gone = new Set();
    }
    return this.#table;
  }

  async #readAll(): Promise<FileTable> {
    const table = new FileTable();
    for await (const batch of this.#store.sourceFiles()) {
      for (const { path, size, modTime, firstSeen } of batch) {
        table.add(path, size, modTime, firstSeen);
      }
    }
    return table;
  }

  async #readAgain(table: FileTable, paths: readonly string[]): Promise<void> {
    const there = new Set<string>();
    for await (const batch of this.#store.sourceFilesAt(paths)) {
      this.#put(table, batch, ({ size, modTime, firstSeen }, slot) => {
        return table.matches(slot, size, modTime) && table.sinceAt(slot) === (firstSeen ?? modTime);
      });
      for (const { path } of batch) there.add(path);
    }
    this.#drop(paths, there);
  }

  /** @param isSame whether what is in a slot stays as it is */
  #put(
    table: FileTable,
    files: readonly SourceFile[],
    isSame: (file: SourceFile, slot: number) => boolean,
  ): void {
    for (const file of files) {
      const { path, size, modTime, firstSeen } = file;
      const slot = table.find(path);
      if (slot < 0) table.add(path, size, modTime, firstSeen);
      else if (this.#gone.delete(path) || !isSame(file, slot)) {
        table.replace(slot, size, modTime, firstSeen);
      }
    }
  }

  #drop(paths: readonly string[], there: ReadonlySet<string>): void {
    for (const path of paths) {
      if (!there.has(path) && (this.#table?.find(path) ?? -1) >= 0) this.#gone.add(path);
    }
  }
}
