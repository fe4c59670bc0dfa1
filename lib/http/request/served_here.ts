import type { IndexedFile } from "../../catalog/file.ts";
import { pathTest } from "../../catalog/path_patterns.ts";
import type { Trees } from "../../selection/tree.ts";
import type { HttpConfig } from "./config.ts";
import type { FoundFile } from "./found_file.ts";

/** Tells which files are sent from the repository itself, whoever has them. */
export class ServedHere {
  readonly #below: number;
  readonly #matches: ((path: string) => boolean) | null;
  readonly #trees: Trees | null;
  /** What is found out of an entry of the cache holds for as long as it is there. */
  readonly #known = new WeakMap<IndexedFile, boolean>();
  /** Whether files that no mirror can serve are sent from here, too. */
  readonly lastResort: boolean;

  /** @param trees the metadata sets that there are: what belongs to one comes from one place */
  constructor(
    { below, patterns, lastResort }: NonNullable<HttpConfig["serveLocally"]>,
    trees: Trees | null,
  ) {
    this.#below = below;
    this.#matches = pathTest(patterns);
    this.#trees = trees;
    this.lastResort = lastResort;
  }

  /** Whether a file is sent from here; of what is not in the index, the size is not known. */
  has(found: Extract<FoundFile, { type: "indexed" | "unindexed" }>): boolean {
    if (found.type === "unindexed") {
      return found.isFile && this.#decide(found.path, Infinity);
    }
    if (found.gone !== undefined) return false;
    const { indexed } = found;
    const known = this.#known.get(indexed);
    if (known !== undefined) return known;
    const decided = this.#decide(indexed.file.path, indexed.file.size);
    this.#known.set(indexed, decided);
    return decided;
  }

  #decide(path: string, size: number): boolean {
    if (size >= this.#below && !(this.#matches?.(path) ?? false)) return false;
    return (this.#trees?.of(path)?.set ?? null) === null;
  }
}
