import type { Store } from "../store/store.ts";
import { FileTable } from "./file_table.ts";

/**
 * The files of the source for scans of mirrors to compare with: read when a scan needs them and nobody
 * else read them since they changed.
 */
export class SourceListing {
  readonly #store: Pick<Store, "sourceFiles">;
  #files: Promise<FileTable> | null = null;

  /**
   * Reads nothing yet.
   *
   * @param signal ends the watching
   */
  constructor(store: Pick<Store, "sourceFiles" | "watch">, signal: AbortSignal) {
    this.#store = store;
    store.watch(({ type }) => {
      if (type === "files" || type === "missed" || type === "availability") this.#files = null;
    }, signal);
  }

  /** The files as they are now. @throws {StoreUnavailableError} */
  files(): Promise<FileTable> {
    const files = this.#files ??= this.#read();
    files.catch(() => {
      if (this.#files === files) this.#files = null;
    });
    return files;
  }

  /** Lets go of what was read. */
  forget(): void {
    this.#files = null;
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
