import type { ListedFile } from "../catalog/file.ts";
import type { FileTable } from "./file_table.ts";
import type { KnownFile } from "./lister.ts";
import { liesBelow } from "./lies_below.ts";

/** How a new listing differs from the previous one. */
export interface ListingResult {
  /** Files that are new or have another size or time. */
  readonly changed: readonly ListedFile[];
  /** Paths that are no more listed. */
  readonly removed: readonly string[];
  /** Number of paths that stay as they were, since nobody could see whether they are still there. */
  readonly kept: number;
  /** Number of different paths in the new listing, with those that stay though they were not listed. */
  readonly indexed: number;
}

/** What became of a file of the previous listing, so far. */
const NOT_LISTED = 0;
const SAME = 1;
const CHANGED = 2;

/**
 * Compares a listing with the previous one while it arrives. Keeps the difference only: a file that did
 * not change costs one byte. Of a path that is listed twice, the last one counts.
 */
export class ListingDifference {
  readonly #previous: FileTable;
  /** By slot of the previous listing: what became of the file. */
  readonly #seen: Uint8Array;
  #seenCount = 0;
  readonly #changed = new Map<string, ListedFile>();
  #added = 0;

  /** @param previous the listing before; it must not change any more */
  constructor(previous: FileTable) {
    this.#previous = previous;
    this.#seen = new Uint8Array(previous.length);
  }

  /** Takes the next file of the new listing. */
  add(file: ListedFile): void {
    const slot = this.#previous.find(file.path);
    if (slot < 0) {
      if (!this.#changed.has(file.path)) this.#added++;
      this.#changed.set(file.path, file);
      return;
    }
    const before = this.#seen[slot];
    if (before === NOT_LISTED) this.#seenCount++;
    if (!this.#previous.matches(slot, file.size, file.modTime)) {
      this.#seen[slot] = CHANGED;
      this.#changed.set(file.path, file);
      return;
    }
    this.#seen[slot] = SAME;
    if (before === CHANGED) this.#changed.delete(file.path);
  }

  /** Number of different paths so far. */
  get indexed(): number {
    return this.#seenCount + this.#added;
  }

  /**
   * What the mirror has by the new listing.
   *
   * @param removed what {@linkcode finish} found to be gone
   */
  copies(removed: readonly string[]): KnownFile {
    const gone = new Set(removed);
    const previous = this.#previous;
    return (path) => {
      const slot = previous.find(path);
      const found = slot < 0 ? CHANGED : this.#seen[slot];
      if (found === CHANGED) return this.#changed.get(path) ?? null;
      if (found === NOT_LISTED && gone.has(path)) return null;
      return { size: previous.sizeAt(slot), modTime: previous.modTimeAt(slot) };
    };
  }

  /**
   * Ends the comparison: what was not listed again is gone.
   *
   * @param unread directories and files that could not be listed, as a listing's `unread` has them
   * @param read directories below them that could, as its `read` has them
   * @param counts whether a path counts at all; one that does not is gone. Default: each does
   */
  finish(
    unread: readonly string[] = [],
    read: readonly string[] = [],
    counts: (path: string) => boolean = () => true,
  ): ListingResult {
    const removed: string[] = [];
    const hidden = new Set(unread);
    const seen = new Set(read);
    let kept = 0;
    if (this.#seenCount < this.#previous.length) {
      let slot = 0;
      for (const path of this.#previous.paths()) {
        if (this.#seen[slot++] !== NOT_LISTED) continue;
        if ((hidden.has(path) || liesBelow(path, hidden, seen)) && counts(path)) kept++;
        else removed.push(path);
      }
    }
    return { changed: [...this.#changed.values()], removed, kept, indexed: this.indexed + kept };
  }
}
