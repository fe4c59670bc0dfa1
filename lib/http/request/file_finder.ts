import type { IndexedFile } from "../../catalog/file.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { type Aliases, resolveAlias } from "./aliases.ts";
import type { DiskAnswers } from "./disk_answers.ts";
import type { FoundFile } from "./found_file.ts";
import type { GoneFiles } from "./gone_files.ts";
import type { PathTest } from "./holds.ts";
import type { DiskAnswer } from "./repository.ts";

/** The cache of the file index, as a finder uses it. */
export interface FileIndex {
  /**
   * Looks only into memory.
   *
   * @returns `null` when the source is known not to have the file, `undefined` when the store has to
   *   be asked
   */
  peek(path: string): IndexedFile | null | undefined;
  /**
   * Asks the store, and remembers the answer.
   *
   * @returns `null` when the source does not have the file
   * @throws StoreUnavailableError
   */
  load(path: string): MaybePromise<IndexedFile | null>;
}

/** What a {@linkcode FileFinder} needs. */
export interface FileFinderOptions {
  readonly files: FileIndex;
  readonly disk: DiskAnswers;
  /** The links known now. */
  readonly aliases: () => Aliases;
  /** Whether a path is as if it were not there; `null`: none is. */
  readonly excluded: () => PathTest;
  /** Files that left the source and stay answerable; default: none do. */
  readonly gone?: Pick<GoneFiles, "has" | "find">;
}

/** Finds what a path stands for: in the index, then through the known links, then on disk. */
export class FileFinder {
  readonly #options: FileFinderOptions;
  readonly #files: FileIndex;
  readonly #disk: DiskAnswers;
  readonly #aliases: () => Aliases;
  readonly #excluded: FileFinderOptions["excluded"];

  readonly #gone: FileFinderOptions["gone"];

  constructor(options: FileFinderOptions) {
    const { files, disk, aliases, excluded, gone } = options;
    this.#options = options;
    this.#gone = gone;
    this.#excluded = excluded;
    this.#files = files;
    this.#disk = disk;
    this.#aliases = aliases;
  }

  /** The same for somebody for whom other paths are as if they were not there. */
  seeing(excluded: PathTest): FileFinder {
    return new FileFinder({ ...this.#options, excluded: () => excluded });
  }

  /**
   * Finds a path; at once when memory knows it.
   *
   * @param path decoded, clean path
   * @throws Error when the disk fails, or the store in another way than being away
   */
  find(path: string): MaybePromise<FoundFile> {
    const excluded = this.#excluded();
    if (excluded === null) return this.#findAny(path);
    if (excluded(path)) return { type: "missing" };
    return allowed(this.#findAny(path), excluded);
  }

  #findAny(path: string): MaybePromise<FoundFile> {
    const found = this.#peek(path) ?? this.#find(path);
    const gone = this.#gone;
    return gone === undefined || !gone.has(path) ? found : orGone(found, gone, path);
  }

  #find(path: string): MaybePromise<FoundFile> {
    const target = resolveAlias(this.#aliases(), path) ?? path;
    const entry = this.#ask(target);
    if (entry instanceof Promise) {
      return entry.then((late) =>
        late ? { type: "indexed", indexed: late } : this.#onDisk(path, target, late)
      );
    }
    return entry ? { type: "indexed", indexed: entry } : this.#onDisk(path, target, entry);
  }

  /**
   * Finds a path in memory and in the index, never on disk.
   *
   * @param path decoded, clean path
   * @returns what is indexed, links that are known followed; `null`: nothing, or the store is away
   * @throws Error when the store fails in another way
   */
  findIndexed(path: string): MaybePromise<IndexedFile | null> {
    const target = resolveAlias(this.#aliases(), path) ?? path;
    const excluded = this.#excluded();
    if (excluded !== null && (excluded(path) || excluded(target))) return null;
    const entry = this.#ask(target);
    return entry instanceof Promise ? entry.then((late) => late ?? null) : entry ?? null;
  }

  /**
   * Finds a path whose bytes are not all UTF-8, which no index holds and no mirror is known to have.
   *
   * @param path clean path with odd bytes as lone surrogates
   * @throws Error when the disk fails
   */
  async findOdd(path: string): Promise<FoundFile> {
    const excluded = this.#excluded();
    if (excluded?.(path)) return { type: "missing" };
    const found = foundOnDisk(this.#disk.peek(path) ?? await this.#disk.loadOdd(path), true);
    return excluded === null ? found : without(found, excluded);
  }

  #peek(path: string): FoundFile | undefined {
    const entry = this.#files.peek(path);
    if (entry) return { type: "indexed", indexed: entry };
    const target = resolveAlias(this.#aliases(), path);
    const targetEntry = target === null ? entry : this.#files.peek(target);
    if (targetEntry) return { type: "indexed", indexed: targetEntry };
    if (targetEntry === undefined) return undefined;
    const onDisk = this.#disk.peek(path);
    if (onDisk === undefined) return undefined;
    if (onDisk.type !== "file" || onDisk.path === (target ?? path)) {
      return foundOnDisk(onDisk, true);
    }
    const linked = this.#files.peek(onDisk.path);
    if (linked) return { type: "indexed", indexed: linked };
    return linked === null ? foundOnDisk(onDisk, true) : undefined;
  }

  /** @param entry what the index says of the target; `undefined` when the store is away */
  async #onDisk(
    path: string,
    target: string,
    entry: IndexedFile | null | undefined,
  ): Promise<FoundFile> {
    const onDisk = this.#disk.peek(path) ?? await this.#disk.load(path);
    if (onDisk.type !== "file" || onDisk.path === target) {
      return foundOnDisk(onDisk, entry === null);
    }
    const linked = await this.#ask(onDisk.path);
    return linked ? { type: "indexed", indexed: linked } : foundOnDisk(onDisk, linked === null);
  }

  /** @returns `undefined` when the store is away; a promise only where the store needs one */
  #ask(path: string): MaybePromise<IndexedFile | null | undefined> {
    const known = this.#files.peek(path);
    if (known !== undefined) return known;
    try {
      const loaded = this.#files.load(path);
      return loaded instanceof Promise ? loaded.catch(nothingWhileAway) : loaded;
    } catch (error) {
      return nothingWhileAway(error);
    }
  }
}

function allowed(
  found: MaybePromise<FoundFile>,
  excluded: (path: string) => boolean,
): MaybePromise<FoundFile> {
  return found instanceof Promise
    ? found.then((late) => without(late, excluded))
    : without(found, excluded);
}

function orGone(
  found: MaybePromise<FoundFile>,
  gone: Pick<GoneFiles, "find">,
  path: string,
): MaybePromise<FoundFile> {
  if (found instanceof Promise) return found.then((late) => orGone(late, gone, path));
  return found.type === "missing" ? gone.find(path) : found;
}

/** A link to what is as if it were not there is not there either. */
function without(found: FoundFile, excluded: (path: string) => boolean): FoundFile {
  const path = found.type === "indexed"
    ? found.indexed.file.path
    : found.type === "unindexed"
    ? found.path
    : "";
  return excluded(path) ? { type: "missing" } : found;
}

/** @throws whatever does not say that the store is away */
function nothingWhileAway(error: unknown): undefined {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

function foundOnDisk({ type, path, file }: DiskAnswer, storeAnswered: boolean): FoundFile {
  if (type === "missing" || type === "outside") return { type };
  const known = file === undefined ? {} : { file };
  return { type: "unindexed", path, isFile: type === "file", ...known, storeAnswered };
}
