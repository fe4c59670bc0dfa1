import type { ListedFile, SourceFile } from "../catalog/file.ts";
import type { Config } from "../config/config.ts";
import type { Store } from "../store/store.ts";
import { FileTable } from "./file_table.ts";

const NAMES = ["sha1", "sha256", "md5"] as const;

/** What the index knew of one file when the scan began. */
export interface KnownFile {
  /** Same size and time as now. */
  readonly unchanged: boolean;
  /** Has every hash that is wanted. */
  readonly hashed: boolean;
}

/** The source index as it was when a scan began: packed, and what of it was found again. */
export class SourceIndex {
  readonly #table = new FileTable();
  /** By slot: whether every wanted hash is known. */
  readonly #hashed: boolean[] = [];
  /** By slot, only where hashes are compared. */
  readonly #digests: string[] | null;
  /** Names of the hashes that are wanted. */
  readonly #wanted: readonly (typeof NAMES)[number][];
  #seen = new Uint8Array(0);

  /**
   * @param wanted the hashes that are wanted
   * @param compare whether {@linkcode equals} will be asked: then the hashes are kept, too
   */
  constructor(wanted: Config["hashes"], compare: boolean) {
    this.#wanted = NAMES.filter((name) => wanted[name]);
    this.#digests = compare ? [] : null;
  }

  /** Reads the index. */
  async load(store: Pick<Store, "sourceFiles">, signal: AbortSignal): Promise<void> {
    for await (const batch of store.sourceFiles()) {
      signal.throwIfAborted();
      for (const file of batch) {
        this.#table.add(file.path, file.size, file.modTime);
        this.#hashed.push(this.#wanted.every((name) => file[name] !== ""));
        this.#digests?.push(digestOf(file));
      }
    }
    this.#seen = new Uint8Array(this.#table.length);
  }

  /** Number of files in the index. */
  get length(): number {
    return this.#table.length;
  }

  /** Marks a file as still there. */
  see(path: string): void {
    const slot = this.#table.find(path);
    if (slot >= 0) this.#seen[slot] = 1;
  }

  /** Takes the mark away: the file vanished after all. */
  forget(path: string): void {
    const slot = this.#table.find(path);
    if (slot >= 0) this.#seen[slot] = 0;
  }

  /** Marks a file as still there. @returns what is known of it; `null` when nothing is */
  meet(file: ListedFile): KnownFile | null {
    const slot = this.#table.find(file.path);
    if (slot >= 0) this.#seen[slot] = 1;
    return this.#knownAt(slot, file);
  }

  /** @returns what is known of a file; `null` when nothing is */
  known(file: ListedFile): KnownFile | null {
    return this.#knownAt(this.#table.find(file.path), file);
  }

  /** Whether the index is known to hold exactly this. */
  equals(file: SourceFile): boolean {
    const slot = this.#table.find(file.path);
    return slot >= 0 && this.#table.matches(slot, file.size, file.modTime) &&
      this.#digests?.[slot] === digestOf(file);
  }

  /** Paths that were not seen. */
  *missing(): Iterable<string> {
    let slot = 0;
    for (const path of this.#table.paths()) if (this.#seen[slot++] === 0) yield path;
  }

  #knownAt(slot: number, { size, modTime }: ListedFile): KnownFile | null {
    if (slot < 0) return null;
    return {
      unchanged: this.#table.matches(slot, size, modTime),
      hashed: this.#hashed[slot]!,
    };
  }
}

function digestOf({ sha1, sha256, md5 }: SourceFile): string {
  return `${sha1}/${sha256}/${md5}`;
}
