import type { IndexedFile } from "../../catalog/file.ts";
import { pathTest } from "../../catalog/path_patterns.ts";
import type { Trees } from "../../selection/tree.ts";
import type { HttpConfig } from "./config.ts";
import type { FoundFile } from "./found_file.ts";
import type { FileOnDisk } from "./repository.ts";

/** Milliseconds that a file which is not in the index has to be as it is: before, it may only be the beginning of one. */
const QUIET = 2_000;

/** Tells which files are sent from the repository itself, whoever has them. */
export class ServedHere {
  readonly #below: number;
  readonly #matches: ((path: string) => boolean) | null;
  readonly #trees: Trees | null;
  readonly #now: () => number;
  /** What is found out of an entry of the cache holds for as long as it is there. */
  readonly #known = new WeakMap<IndexedFile, boolean>();
  /** Whether files that no mirror can serve are sent from here, too. */
  readonly lastResort: boolean;

  /**
   * @param serveLocally what the operator configured
   * @param trees the metadata sets that there are: what belongs to one comes from one place
   * @param now milliseconds since the epoch
   */
  constructor(
    { below, patterns, lastResort }: NonNullable<HttpConfig["serveLocally"]>,
    trees: Trees | null,
    now: () => number,
  ) {
    this.#below = below;
    this.#matches = pathTest(patterns);
    this.#trees = trees;
    this.#now = now;
    this.lastResort = lastResort;
  }

  /** Whether a file is sent from here; of what is not in the index, by what the disk says. */
  has(found: Extract<FoundFile, { type: "indexed" | "unindexed" }>): boolean {
    if (found.type === "unindexed") {
      return found.isFile && this.#decide(found.path, this.#sizeOf(found.file));
    }
    if (found.gone !== undefined) return false;
    const { indexed } = found;
    const known = this.#known.get(indexed);
    if (known !== undefined) return known;
    const decided = this.#decide(indexed.file.path, indexed.file.size);
    this.#known.set(indexed, decided);
    return decided;
  }

  /** Where nobody knows how large a file is going to be, it is not small. */
  #sizeOf(file: FileOnDisk | undefined): number {
    if (file === undefined) return Infinity;
    return file.modTime !== null && this.#now() - file.modTime < QUIET ? Infinity : file.size;
  }

  #decide(path: string, size: number): boolean {
    if (size >= this.#below && !(this.#matches?.(path) ?? false)) return false;
    return (this.#trees?.of(path)?.set ?? null) === null;
  }
}
