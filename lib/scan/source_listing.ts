import type { Store, StoreChange } from "../store/store.ts";
import type { FileTable } from "./file_table.ts";
import { KeptListing } from "./kept_listing.ts";

/**
 * The files of the source for scans of mirrors to compare with: read when a scan needs them first. What
 * changed since is taken over, or read again by itself.
 */
export class SourceListing {
  readonly #store: Pick<Store, "sourceFiles" | "sourceFilesAt">;
  /** `null`: nobody asked since everything was forgotten. */
  #kept: KeptListing | null = null;

  /**
   * Reads nothing yet.
   *
   * @param signal ends the watching
   */
  constructor(
    store: Pick<Store, "sourceFiles" | "sourceFilesAt" | "watch">,
    signal: AbortSignal,
  ) {
    this.#store = store;
    store.watch((change) => this.#take(change), signal);
  }

  /** The files as they are now; they may change from the next turn on. @throws {StoreUnavailableError} */
  files(): Promise<FileTable> {
    this.#kept ??= new KeptListing(this.#store);
    return this.#kept.files();
  }

  /** Lets go of what was read. */
  forget(): void {
    this.#kept = null;
  }

  #take(change: StoreChange): void {
    const { type } = change;
    if (type === "missed" || type === "availability") this.forget();
    else if (type === "files" && this.#kept?.take(change) === false) this.forget();
  }
}
