import { LRUCache } from "lru-cache";
import type { DirectoryEntry, Repository } from "./repository.ts";

/** Directories remembered at most. */
const MAX_DIRECTORIES = 100;

/** Entries of a directory that are remembered at most. */
const MAX_ENTRIES = 200_000;

/** Milliseconds for which a list is believed. */
const LIFETIME = 2_000;

interface Remembered {
  readonly entries: readonly DirectoryEntry[];
  readonly until: number;
}

/** Lists directories of the repository, and remembers the lists for a moment. */
export class Directories {
  readonly #repository: Pick<Repository, "list">;
  readonly #root: () => string;
  readonly #elapsed: () => number;
  readonly #known = new LRUCache<string, Remembered>({
    max: MAX_DIRECTORIES,
    maxSize: MAX_ENTRIES,
    sizeCalculation: ({ entries }) => 1 + entries.length,
  });
  #running = new Map<string, Promise<readonly DirectoryEntry[]>>();

  /**
   * @param repository where to look
   * @param root absolute path of the repository, as configured now
   * @param elapsed milliseconds that never go back
   */
  constructor(repository: Pick<Repository, "list">, root: () => string, elapsed: () => number) {
    this.#repository = repository;
    this.#root = root;
    this.#elapsed = elapsed;
  }

  /**
   * Lists a directory. Those who ask meanwhile share the answer.
   *
   * @throws Error when the disk fails
   */
  async list(path: string): Promise<readonly DirectoryEntry[]> {
    const known = this.#known.get(path);
    if (known !== undefined && this.#elapsed() < known.until) return known.entries;
    const running = this.#running.get(path);
    if (running !== undefined) return await running;
    const current = this.#running;
    const listing = this.#repository.list(this.#root(), path)
      .then((entries) => {
        if (this.#running === current) {
          this.#known.set(path, { entries, until: this.#elapsed() + LIFETIME });
        }
        return entries;
      })
      .finally(() => current.delete(path));
    current.set(path, listing);
    return await listing;
  }

  /** Forgets everything, also what is being listed now. */
  clear(): void {
    if (this.#known.size > 0) this.#known.clear();
    this.#running = new Map();
  }
}
