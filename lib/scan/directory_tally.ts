import { MOST_CARRIED, NOTHING_THERE } from "../catalog/carried_tree.ts";

/** Directories deeper than this are counted with the one above. */
const DEPTH = 3;

/** Directories that are counted, at most; the others are as the one above. */
const MOST_COUNTED = 100_000;

interface Count {
  files: number;
  there: number;
}

/** Counts what a mirror has of the directories of the source: the upper ones, and some that are named. */
export class DirectoryTally {
  readonly #named: readonly string[];
  readonly #counts = new Map<string, Count>();

  /** @param named further directories, with slashes on both ends */
  constructor(named: readonly string[]) {
    this.#named = named.filter((path) => path.endsWith("/"));
  }

  /**
   * Counts files of one directory.
   *
   * @param directory with slashes on both ends
   * @param files how many there are in the source
   * @param there of how many of them the mirror has this version, or a newer one
   */
  add(directory: string, files: number, there: number): void {
    let end = 0;
    for (let level = 0; level <= DEPTH; level++) {
      end = directory.indexOf("/", end) + 1;
      if (end === 0) break;
      this.#count(directory.slice(0, end), files, there);
    }
    for (const path of this.#named) {
      // Those that are not deep were counted.
      if (directory.startsWith(path) && path.split("/").length > DEPTH + 2) {
        this.#count(path, files, there);
      }
    }
  }

  /** How many files are lacking, by directory; those that are as the one above are left out. */
  lacking(): Map<string, number> {
    const named = new Set(this.#named);
    const depth = (path: string): number => named.has(path) ? 0 : path.split("/").length;
    const lackingOf = ({ files, there }: Count): number =>
      there === 0 ? NOTHING_THERE : files - there;
    const sorted = [...this.#counts]
      .map(([path, count]) => ({ path, lacking: lackingOf(count), depth: depth(path) }))
      .sort((a, b) => a.depth - b.depth || a.lacking - b.lacking);
    const result = new Map<string, number>();
    for (const { path, lacking } of sorted) {
      if (result.size >= MOST_CARRIED) break;
      const above = this.#above(path, result);
      if (above === undefined || above > 0 || above !== lacking) result.set(path, lacking);
    }
    return result;
  }

  /** What is known of the nearest directory above. */
  #above(path: string, known: ReadonlyMap<string, number>): number | undefined {
    for (let end = path.length; end > 1;) {
      end = path.lastIndexOf("/", end - 2) + 1;
      const count = known.get(path.slice(0, end));
      if (count !== undefined) return count;
    }
    return undefined;
  }

  #count(path: string, files: number, there: number): void {
    const count = this.#counts.get(path);
    if (count !== undefined) {
      count.files += files;
      count.there += there;
    } else if (this.#counts.size < MOST_COUNTED) this.#counts.set(path, { files, there });
  }
}
