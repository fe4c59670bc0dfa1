import type { SourceDirectory } from "../../catalog/source_tree.ts";
import { type Bucket, BUCKET_START, type BucketPosition } from "./bucket_reader.ts";

/** What was found in one directory of a mirror. */
export interface DirectoryMemory {
  /** When it was judged, in milliseconds since the epoch. */
  readonly judged: number;
  /** Whether all its files were the same as the source's. */
  readonly same: boolean;
  /** What the source had in it. */
  readonly source: number;
  /** Its own time as its parent showed it; empty: not shown. */
  readonly shown: string;
}

/**
 * What the last scans of one mirror over HTTP found, so that the next ones look at what changed, and at
 * everything else in turn. It is not stored: after a restart the first scan looks at all.
 */
export class ScanMemory {
  readonly #directories = new Map<string, DirectoryMemory>();
  #scans = 0;
  /** Whether the mirror shows no listings, and when that was last tried. */
  #probeMode: number | null = null;

  #bucket: Bucket | null = null;
  /** Where the next scan of the bucket begins. */
  bucketStart: BucketPosition = BUCKET_START;
  /** When a bucket was looked for and there was none. */
  #noBucket: number | null = null;

  /** Begins a scan. @param full whether all that is known is forgotten */
  begin(full: boolean): void {
    this.#scans++;
    if (!full) return;
    this.#directories.clear();
    this.#probeMode = this.#bucket = this.#noBucket = null;
    this.bucketStart = BUCKET_START;
  }

  /** The bucket that the mirror is, if it is one. */
  get bucket(): Bucket | null {
    return this.#bucket;
  }

  /** Whether to look for a bucket where there is no listing. */
  seeksBucket(now: number, interval: number): boolean {
    return this.#noBucket === null || now - this.#noBucket >= interval || now < this.#noBucket;
  }

  /** Notes whether the mirror is a bucket. */
  noteBucket(bucket: Bucket | null, now: number): void {
    this.#bucket = bucket;
    this.#noBucket = bucket === null ? now : null;
    if (bucket === null) this.bucketStart = BUCKET_START;
  }

  /** Whether to look for listings at all. */
  listsNothing(now: number, interval: number): boolean {
    return this.#probeMode !== null && now - this.#probeMode < interval;
  }

  /** Notes whether the mirror shows listings. */
  noteListings(shown: boolean, now: number): void {
    this.#probeMode = shown ? null : now;
  }

  get(path: string): DirectoryMemory | undefined {
    return this.#directories.get(path);
  }

  note(path: string, memory: DirectoryMemory): void {
    this.#directories.set(path, memory);
  }

  forget(path: string): void {
    this.#directories.delete(path);
  }

  /** Whether nothing speaks for looking at a directory again. */
  isQuiet(directory: SourceDirectory, now: number, interval: number): boolean {
    const known = this.#directories.get(directory.path);
    return known !== undefined && known.same && now - known.judged < interval &&
      now >= known.judged && known.source === printOf(directory);
  }

  /** Whether it is a quiet directory's turn. @param turns scans in which all have theirs */
  isTurn({ path }: SourceDirectory, turns: number): boolean {
    return hash(path) % turns === this.#scans % turns;
  }
}

/** What a directory of the source has, as a number. */
export function printOf({ files }: SourceDirectory): number {
  let print = files.size;
  // The order in which they come is no difference.
  for (const [name, { size, modTime }] of files) {
    print = (print + hash(`${name}\n${size}\n${modTime}`)) >>> 0;
  }
  return print;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return (value ^ (value >>> 15)) >>> 0;
}
