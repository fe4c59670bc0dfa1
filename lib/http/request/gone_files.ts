import { LRUCache } from "lru-cache";
import type { GoneFile } from "../../catalog/gone_file.ts";
import type { MaybePromise, StoreReader } from "../../store/store_reader.ts";
import type { FoundFile } from "./found_file.ts";

/** Files that are remembered at most. */
const MOST = 5_000;

/** Answers for files that left the source, for as long as they are kept. */
export class GoneFiles {
  readonly #reader: Pick<StoreReader, "goneFile">;
  readonly #life: () => number;
  readonly #now: () => number;
  #paths: ReadonlySet<string> = new Set();
  readonly #known = new LRUCache<string, GoneFile>({ max: MOST });

  /**
   * @param reader knows the files
   * @param life milliseconds for which they are kept
   * @param now milliseconds since the epoch
   */
  constructor(
    reader: Pick<StoreReader, "goneFile">,
    life: () => number,
    now: () => number,
  ) {
    this.#reader = reader;
    this.#life = life;
    this.#now = now;
  }

  /** Takes over which paths are kept. */
  take(paths: ReadonlySet<string>): void {
    this.#paths = paths;
    this.#known.clear();
  }

  /** Forgets what is known of the copies of paths. */
  drop(paths: Iterable<string>): void {
    for (const path of paths) this.#known.delete(path);
  }

  /** Whether a path may be one. */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Finds a path of which {@linkcode has} says so. @throws StoreUnavailableError */
  find(path: string): MaybePromise<FoundFile> {
    const known = this.#known.get(path);
    if (known !== undefined) return this.#foundOf(known);
    const read = this.#reader.goneFile(path);
    return read instanceof Promise
      ? read.then((late) => this.#keep(path, late))
      : this.#keep(path, read);
  }

  #keep(path: string, file: GoneFile | null): FoundFile {
    if (file !== null) this.#known.set(path, file);
    return this.#foundOf(file);
  }

  #foundOf(file: GoneFile | null): FoundFile {
    if (file === null || this.#now() - file.time >= this.#life()) return { type: "missing" };
    return { type: "indexed", indexed: file.indexed, gone: file.time };
  }
}
