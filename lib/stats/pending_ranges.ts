import { packHash, unpackHash } from "./packed_hash.ts";
import type { RangedDownload } from "./recorder.ts";

/** What is known of a part that waits. */
export type WaitingRange = Omit<RangedDownload, "hash">;

/** A file of which parts wait, and how many of them refer to it. */
interface WaitingFile {
  readonly path: string;
  /** Stands for the path as long as somebody refers to it. */
  readonly number: number;
  references: number;
}

/** Who asked is in its key, and nowhere else: this is kept as often as the limit allows. */
interface Waiting extends Pick<RangedDownload, "time" | "mirrorId" | "size" | "country"> {
  readonly file: WaitingFile;
}

/** Codes of countries that are kept once; a database that has more than there are is an odd one. */
const COUNTRIES = 1000;

/** Numbers of files before they begin anew: by far more than wait at once. */
const NUMBERS = 2 ** 32;

/**
 * Parts of downloads in ranges that the store was not asked about yet; parts that belong to one
 * download are kept once, in some 200 bytes: each client of a crowd may have one.
 */
export class PendingRanges {
  readonly #limit: number;
  /** By client and file. */
  #downloads = new Map<string, Waiting>();
  /** Downloads that were taken out and are not in the store yet. */
  readonly #taken = new Map<string, Waiting>();
  /** Each path and country comes as a text of its own, again and again. */
  readonly #files = new Map<string, WaitingFile>();
  readonly #countries = new Map<string, string>();
  #number = 0;

  /** @param limit how many downloads are kept at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there is nothing to ask about. */
  get empty(): boolean {
    return this.#downloads.size === 0;
  }

  /** Number of downloads. */
  get total(): number {
    return this.#downloads.size;
  }

  /**
   * Keeps one part.
   *
   * @param interval milliseconds within which the parts of one client and file are one download
   * @param elsewhere how many downloads take of the room besides
   * @returns an earlier download that is over, or the new one when the store cannot tell it from an
   *   earlier one: it counts without a question. `"dropped"` when there is no more room; `null` otherwise
   */
  add(
    part: WaitingRange,
    interval: number,
    elsewhere: number = 0,
  ): WaitingRange | "dropped" | null {
    const full = this.#downloads.size + elsewhere >= this.#limit;
    const known = this.#files.get(part.path);
    if (known === undefined && full) return "dropped";
    const file = known ?? this.#addFile(part.path);
    const key = packHash(part.clientHash, file.number);
    // The clock may have been set back meanwhile.
    const isSame = (time: number): boolean => Math.abs(part.time - time) < interval;
    const taken = this.#taken.get(key);
    if (taken !== undefined) {
      if (isSame(taken.time)) return null;
      this.#taken.set(key, { ...taken, time: part.time });
      return part;
    }
    const earlier = this.#downloads.get(key);
    if (earlier === undefined && full) return "dropped";
    if (earlier !== undefined && isSame(earlier.time)) return null;
    const { time, mirrorId, size } = part;
    this.#downloads.set(key, { time, file, mirrorId, size, country: this.#same(part.country) });
    // The new one takes the earlier one's place.
    if (earlier !== undefined) return unpack(key, earlier);
    file.references++;
    return null;
  }

  /**
   * Takes downloads out, in the order in which they came.
   *
   * @param most how many at most; default: all
   */
  take(most: number = Infinity): WaitingRange[] {
    const downloads: WaitingRange[] = [];
    for (const [key, waiting] of this.#downloads) {
      if (downloads.length >= most) break;
      downloads.push(unpack(key, waiting));
      this.#downloads.delete(key);
      if (this.#taken.size < this.#limit) this.#taken.set(key, waiting);
      else this.#release(waiting);
    }
    return downloads;
  }

  /** Everything that was taken out is in the store, which knows from now on. */
  settle(): void {
    for (const waiting of this.#taken.values()) this.#release(waiting);
    this.#taken.clear();
  }

  #addFile(path: string): WaitingFile {
    this.#number = (this.#number + 1) % NUMBERS;
    const file = { path, number: this.#number, references: 0 };
    this.#files.set(path, file);
    return file;
  }

  #release({ file }: Waiting): void {
    if (--file.references === 0) this.#files.delete(file.path);
  }

  #same(country: string): string {
    const known = this.#countries.get(country);
    if (known === undefined && this.#countries.size < COUNTRIES) {
      this.#countries.set(country, country);
    }
    return known ?? country;
  }
}

function unpack(key: string, { file, time, mirrorId, size, country }: Waiting): WaitingRange {
  return { time, path: file.path, mirrorId, size, clientHash: unpackHash(key), country };
}
