import type { SourceDirectory } from "../../catalog/source_tree.ts";
import type { FileFinding } from "./file_finding.ts";
import { type Bucket, BUCKET_START, type BucketPosition } from "./bucket_reader.ts";

/** What was found in one directory of a mirror. */
export interface DirectoryMemory {
  /** When it was judged, in milliseconds since the epoch. */
  readonly judged: number;
  /** Whether all its files were the same as the source's. */
  readonly same: boolean;
  /** What the source had in it. */
  readonly source: number;
  /** When that changed, in milliseconds since the epoch; 0: not since it is known. */
  readonly changed: number;
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
  #late: ReadonlyMap<string, number> = new Map();

  /** Begins a scan. @param full whether all that is known is forgotten */
  begin(full: boolean): void {
    this.#scans++;
    if (!full) return;
    this.#directories.clear();
    this.#probeMode = this.#bucket = this.#noBucket = null;
    this.bucketStart = BUCKET_START;
    this.#late = new Map();
  }

  /** Directories that the last scan did not reach, by path, with the number of the first that did not. */
  get late(): ReadonlyMap<string, number> {
    return this.#late;
  }

  /**
   * Notes the directories that a scan did not reach.
   *
   * @param sinceOf the number of the scan since which one waits; `undefined`: since this one
   */
  noteLate(paths: Iterable<string>, sinceOf: (path: string) => number | undefined): void {
    const late = new Map<string, number>();
    for (const path of paths) late.set(path, sinceOf(path) ?? this.#scans);
    this.#late = late;
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

  /** Notes what was found in a directory. @param shown its time, as its parent shows it now */
  note(
    directory: SourceDirectory,
    findings: readonly FileFinding[],
    shown: string | undefined,
    now: number,
  ): void {
    // What nobody knows of is asked for again.
    if (findings.some(({ type }) => type === "unread")) return;
    const { path, files } = directory;
    const before = this.#directories.get(path);
    const source = printOf(directory);
    const kept = findings.some((finding) => finding.type !== "unread" && finding.kept);
    this.#directories.set(path, {
      // What was not asked for again is as old as it was.
      judged: kept && before !== undefined ? before.judged : now,
      same: findings.length === files.size &&
        findings.every((finding) => finding.type === "copy" && finding.same),
      source,
      changed: before === undefined ? 0 : before.source === source ? before.changed : now,
      shown: shown ?? before?.shown ?? "",
    });
  }

  /** Forgets directories that are no more. @param has whether there is one of a path */
  forget(has: (path: string) => boolean): void {
    for (const path of this.#directories.keys()) if (!has(path)) this.#directories.delete(path);
  }

  /** How many directories are remembered. */
  get size(): number {
    return this.#directories.size;
  }

  /** What of earlier scans stands in a directory, where nothing can be seen of it. */
  trusts(directory: SourceDirectory, now: number, interval: number): Trust {
    const before = this.#directories.get(directory.path);
    if (before === undefined || !isRecent(before.judged, now, interval)) return NO_TRUST;
    // A mirror gets what is new somewhat later.
    const settled = before.source === printOf(directory) &&
      !isRecent(before.changed, now, interval);
    return { copies: true, gone: settled };
  }

  /**
   * Whether nothing speaks for looking at a directory again.
   *
   * @param shown its time, as its parent shows it now; `undefined`: nobody looked
   */
  isQuiet(
    directory: SourceDirectory,
    now: number,
    interval: number,
    shown: string | undefined,
  ): boolean {
    const known = this.#directories.get(directory.path);
    return known !== undefined && known.same && isRecent(known.judged, now, interval) &&
      (shown === undefined || known.shown === "" || shown === known.shown) &&
      known.source === printOf(directory);
  }

  /** Whether it is a quiet directory's turn. @param turns scans in which all have theirs */
  isTurn({ path }: SourceDirectory, turns: number): boolean {
    return hash(path) % turns === this.#scans % turns;
  }
}

/** What of earlier scans stands where nothing can be seen. */
export interface Trust {
  /** That copies are as they were found. */
  readonly copies: boolean;
  /** That what was not there still is not. */
  readonly gone: boolean;
}

/** Nothing does. */
export const NO_TRUST: Trust = { copies: false, gone: false };

/** Whether a time is within an interval before now; one that is ahead is not. */
function isRecent(time: number, now: number, interval: number): boolean {
  return now - time < interval && now >= time;
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
