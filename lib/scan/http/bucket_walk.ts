import {
  someFilesBelow,
  type SourceDirectory,
  type SourceTree,
} from "../../catalog/source_tree.ts";
import type { Clock } from "../../clock/clock.ts";
import { ListingError } from "../lister.ts";
import type { BucketObject } from "./bucket_page.ts";
import {
  type Bucket,
  BUCKET_START,
  type BucketPosition,
  type BucketReader,
} from "./bucket_reader.ts";
import { BucketVerdicts } from "./bucket_verdicts.ts";
import type { DirectoryJudge } from "./directory_judge.ts";
import type { FileFinding } from "./file_finding.ts";
import { EndsEarlyError } from "./http_requests.ts";

/** What {@linkcode BucketWalk} works with. */
export interface BucketWalkOptions {
  readonly bucket: Bucket;
  readonly reader: Pick<BucketReader, "page">;
  readonly source: SourceTree;
  readonly judge: Pick<DirectoryJudge, "ask" | "missing">;
  readonly clock: Pick<Clock, "now">;
  /** When to end, in milliseconds since the epoch. */
  readonly end: number;
  /** Where an earlier scan ended; the beginning when it ended well. */
  readonly start: BucketPosition;
  /** Told of files as they are judged. */
  readonly onFindings: (findings: readonly FileFinding[]) => void;
  /** Told of directories that are not there, with all below them. */
  readonly onGone: (directory: SourceDirectory) => void;
  /** Told what nobody knows of, as a listing's `unread` has it. */
  readonly onUnread: (path: string) => void;
}

/** What came of a walk. */
export interface BucketEnd {
  /** Why it ended early; empty: it did not. */
  readonly reason: string;
  /** Where the next scan begins. */
  readonly next: BucketPosition;
}

/** Pages in a row without an object, until a store counts as one without end. */
const MAX_EMPTY = 20;

/** Files that are asked for before a store without a key is believed to be empty. */
const ROOT_LOOKS = 3;

/** One walk through an object store: all of its keys, in their order. */
export class BucketWalk {
  readonly #options: BucketWalkOptions;
  readonly #verdicts = new BucketVerdicts();
  /** Files of the source that the store has, whatever they are there. */
  readonly #seen = new Set<object>();
  /** Whether the store finds names with a plus sign as redirects write them; `null`: not asked yet. */
  #findsPlus: boolean | null = null;
  #key: string;
  /** The last key that was read; `null`: all were. */
  #upTo: string | null = null;
  #pages = 0;
  /** Whether the store speaks the first version of the protocol. */
  #first = false;
  /** Whether what answers is no listing of a store. */
  #isNone = false;

  constructor(options: BucketWalkOptions) {
    this.#options = options;
    this.#key = options.start.key;
  }

  /** Whether the store takes a plus sign in a URL for a blank. */
  get losesPlus(): boolean {
    return this.#findsPlus === false;
  }

  /**
   * Walks.
   *
   * @returns `null` when it is no store any more
   * @throws {ListingError} when nothing was learnt, or the keys are not in order
   */
  async run(): Promise<BucketEnd | null> {
    const { source, onFindings, onUnread, start } = this.#options;
    let reason = "";
    try {
      await this.#pagesFrom(start);
    } catch (error) {
      if (!(error instanceof EndsEarlyError)) throw error;
      reason = error.message;
      if (this.#pages === 0) {
        if (this.#isNone) return null;
        throw new ListingError(`HTTP: ${reason}`, { cause: error });
      }
      this.#upTo = this.#key;
    }
    onFindings(this.#verdicts.end());
    try {
      await this.#missing(source.root);
    } catch (error) {
      if (!(error instanceof EndsEarlyError)) throw error;
      reason ||= error.message;
      for (const path of this.#unseen(source.root)) onUnread(path);
    }
    const next = this.#upTo === null
      ? BUCKET_START
      : { key: this.#upTo, token: "", first: this.#first };
    return { reason, next };
  }

  async #pagesFrom(start: BucketPosition): Promise<void> {
    const { bucket, reader, clock, end, onFindings } = this.#options;
    let empty = 0;
    for (let position: BucketPosition | null = start; position !== null;) {
      if (clock.now() >= end) throw new EndsEarlyError("It took too long");
      const answer = await reader.page(bucket, position);
      if (answer.type !== "page") {
        this.#isNone = answer.type === "none";
        const reason = answer.type === "unread" ? answer.reason : "It lists nothing any more";
        throw new EndsEarlyError(reason);
      }
      this.#pages++;
      const { objects, truncated, token } = answer.page;
      for (const object of objects) onFindings(await this.#object(object));
      empty = objects.length > 0 ? 0 : empty + 1;
      if (truncated && (empty > MAX_EMPTY || (empty > 0 && token === ""))) {
        throw new ListingError("HTTP: The listing of the object store has no end");
      }
      this.#first = position.first || (truncated && token === "");
      position = truncated ? { key: this.#key, token, first: this.#first } : null;
    }
  }

  async #object(object: BucketObject): Promise<FileFinding[]> {
    const { bucket: { prefix }, source } = this.#options;
    const { key } = object;
    // A store that goes round and round is left so.
    if (this.#key !== "" && compareCodePoints(key, this.#key) <= 0) {
      throw new ListingError("HTTP: The keys of the object store are not in order");
    }
    this.#key = key;
    if (!key.startsWith(prefix) || key.endsWith("/")) return [];
    const path = `/${key.slice(prefix.length)}`;
    const file = source.find(path);
    if (file === null) return [];
    if (path.includes("+") && !await this.#reaches(path, file)) return [];
    this.#seen.add(file);
    return this.#verdicts.add(path, object, file);
  }

  /** Whether a name with a plus sign is found: some stores take it for a blank, in the path of a URL too. */
  async #reaches(
    path: string,
    file: { readonly size: number; readonly modTime: number | null },
  ): Promise<boolean> {
    this.#findsPlus ??= (await this.#options.judge.ask(path, file)).type !== "gone";
    return this.#findsPlus;
  }

  /** Looks at some of what was not there, as far as keys were read. */
  async #missing(directory: SourceDirectory): Promise<void> {
    const { judge, onFindings, onUnread, onGone, start } = this.#options;
    const whole = start.key === "" && this.#upTo === null;
    if (whole && !this.#hasAny(directory) && !await this.#isThere(directory)) {
      return onGone(directory);
    }
    const names: string[] = [];
    for (const [name, file] of directory.files) {
      if (this.#seen.has(file)) continue;
      const path = `${directory.path}/${name}`;
      if (this.#wasRead(path)) names.push(name);
      else onUnread(path);
    }
    onFindings(await judge.missing(directory, names));
    for (const below of directory.directories.values()) await this.#missing(below);
  }

  #wasRead(path: string): boolean {
    const { bucket: { prefix }, start } = this.#options;
    const key = prefix + path.slice(1);
    return compareCodePoints(key, start.key) > 0 &&
      (this.#upTo === null || compareCodePoints(key, this.#upTo) <= 0);
  }

  /** One look for all that lies below a directory; of the whole mirror it takes more. */
  async #isThere(directory: SourceDirectory): Promise<boolean> {
    for (const file of someFilesBelow(directory, directory.path === "" ? ROOT_LOOKS : 1)) {
      if ((await this.#options.judge.ask(file.path, file)).type !== "gone") return true;
    }
    return false;
  }

  #hasAny({ files, directories }: SourceDirectory): boolean {
    for (const file of files.values()) if (this.#seen.has(file)) return true;
    for (const below of directories.values()) if (this.#hasAny(below)) return true;
    return false;
  }

  *#unseen(directory: SourceDirectory): Generator<string> {
    for (const [name, file] of directory.files) {
      if (!this.#seen.has(file)) yield `${directory.path}/${name}`;
    }
    for (const below of directory.directories.values()) yield* this.#unseen(below);
  }
}

/**
 * Compares two texts by their code points, which is the order of their UTF-8 bytes; `<` compares UTF-16,
 * in which what needs two units comes too early.
 *
 * @returns below, above or equal to 0
 */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

/** Puts surrogates above all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
