import { LRUCache } from "lru-cache";
import type { Clock } from "../../clock/clock.ts";
import type { DirectoryEntry, Repository } from "./repository.ts";

/** Directories remembered at most. */
const MAX_DIRECTORIES = 100;

/** Entries of a directory that are remembered at most. */
const MAX_ENTRIES = 200_000;

/** Milliseconds for which a list is believed. */
const LIFETIME = 2_000;

/** Milliseconds for which it is where no name came or went meanwhile, at most. */
const LONGEST = 60_000;

/** Milliseconds by which a list has to be younger than the last name that came or went: times are coarse. */
const SURELY = 2_000;

interface Remembered {
  readonly entries: readonly DirectoryEntry[];
  /** When it was listed, by the clock that never goes back. */
  readonly listed: number;
  /** When names came or went before; `null`: not known, or only just. */
  readonly time: number | null;
  readonly until: number;
}

/** What is asked of the repository here. */
type ListedRepository = Pick<Repository, "list" | "namesTime">;

/**
 * Lists directories of the repository, and remembers the lists for a moment; for longer while no name comes or
 * goes there and the index tells of no change.
 */
export class Directories {
  readonly #repository: ListedRepository;
  readonly #root: () => string;
  readonly #clock: Pick<Clock, "elapsed" | "now">;
  readonly #known = new LRUCache<string, Remembered>({
    max: MAX_DIRECTORIES,
    maxSize: MAX_ENTRIES,
    sizeCalculation: ({ entries }) => 1 + entries.length,
  });
  #running = new Map<string, Promise<readonly DirectoryEntry[]>>();

  /**
   * @param repository where to look
   * @param root absolute path of the repository, as configured now
   * @param clock the time
   */
  constructor(
    repository: ListedRepository,
    root: () => string,
    clock: Pick<Clock, "elapsed" | "now">,
  ) {
    this.#repository = repository;
    this.#root = root;
    this.#clock = clock;
  }

  /**
   * Lists a directory. Those who ask meanwhile share the answer.
   *
   * @throws Error when the disk fails
   */
  async list(path: string): Promise<readonly DirectoryEntry[]> {
    const known = this.#known.get(path);
    if (known !== undefined && this.#clock.elapsed() < known.until) return known.entries;
    const running = this.#running.get(path);
    if (running !== undefined) return await running;
    const current = this.#running;
    const listing = this.#renew(path, known)
      .then((remembered) => {
        if (this.#running.get(path) === listing) this.#known.set(path, remembered);
        return remembered.entries;
      })
      .finally(() => {
        if (current.get(path) === listing) current.delete(path);
      });
    current.set(path, listing);
    return await listing;
  }

  /** Forgets the directories that paths lie in, also what is being listed there now. */
  drop(paths: readonly string[]): void {
    for (const path of paths) {
      for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
        const directory = path.slice(0, end) || "/";
        this.#known.delete(directory);
        this.#running.delete(directory);
        if (end === 0) break;
      }
    }
  }

  /** Forgets everything, also what is being listed now. */
  clear(): void {
    if (this.#known.size > 0) this.#known.clear();
    this.#running = new Map();
  }

  async #renew(path: string, known: Remembered | undefined): Promise<Remembered> {
    const { elapsed, now } = this.#clock;
    const root = this.#root();
    const time = await this.#repository.namesTime(root, path);
    const listed = elapsed();
    const until = listed + LIFETIME;
    if (known !== undefined && time !== null && time === known.time) {
      if (listed - known.listed < LONGEST) return { ...known, until };
    }
    const sure = time !== null && now() - time > SURELY;
    return {
      entries: await this.#repository.list(root, path),
      listed,
      time: sure ? time : null,
      until,
    };
  }
}
