import { BYTES, countryName, DOWNLOADS } from "../catalog/series_name.ts";
import { utcDay, utcHour } from "../clock/utc_day.ts";
import type { DownloadBatch, Hour, RangedCount } from "../store/download_counts.ts";
import type { HourCounts } from "./hour_tally.ts";

/** A batch that still grows. */
export interface PendingBatch extends DownloadBatch {
  readonly day: string;
  readonly files: Map<string, number>;
  readonly mirrors: Map<number, { downloads: number; bytes: number }>;
  readonly hours: Map<Hour, Map<string, number>>;
  readonly ranged: RangedCount[];
}

/** Downloads that are not in the store yet, merged by day, path and mirror. */
export class PendingDownloads {
  readonly #limit: number;
  readonly #rangedLimit: number;
  #days = new Map<string, PendingBatch>();
  #paths = 0;
  #ranged = 0;

  /**
   * @param limit how many paths, counted for each day, are kept at most
   * @param rangedLimit how many downloads in ranges are; default: as many
   */
  constructor(limit: number, rangedLimit: number = limit) {
    this.#limit = limit;
    this.#rangedLimit = rangedLimit;
  }

  /** Whether there is nothing to write. */
  get empty(): boolean {
    return this.#days.size === 0;
  }

  /**
   * Adds what an HTTP thread counted, or what could not be written.
   *
   * @returns how many downloads of files there was no more room for; mirrors are always counted
   */
  add(batch: DownloadBatch): number {
    const pending = this.#dayOf(batch.day);
    let lost = 0;
    for (const [path, downloads] of batch.files) {
      lost += this.#addFile(pending, path, downloads);
    }
    for (const [id, { downloads, bytes }] of batch.mirrors) {
      addMirror(pending, id, downloads, bytes);
    }
    for (const [hour, counts] of batch.hours ?? []) addHour(pending, hour, counts);
    for (const download of batch.ranged ?? []) lost += this.addRanged(batch.day, download);
    return lost;
  }

  /** Adds what was counted by name in hours. */
  addHours(hours: readonly HourCounts[]): void {
    for (const { hour, counts } of hours) {
      addHour(this.#dayOf(hour.slice(0, 10)), hour, Object.entries(counts));
    }
  }

  /**
   * Adds a download in ranges, which counts unless its client is remembered.
   *
   * @returns 1 when there was no more room for it, else 0
   */
  addRanged(day: string, download: RangedCount): number {
    if (this.#ranged >= this.#rangedLimit) return 1;
    this.#ranged++;
    this.#dayOf(day).ranged.push(download);
    return 0;
  }

  /**
   * Adds one download.
   *
   * @param time when it was asked for, in milliseconds since the epoch
   * @param mirrorId `null` when a fallback serves it
   * @param size bytes
   * @param country of the client, by its code
   * @returns 1 when there was no more room for it, else 0
   */
  addOne(
    time: number,
    path: string,
    mirrorId: number | null,
    size: number,
    country: string,
  ): number {
    const pending = this.#dayOf(utcDay(time));
    if (mirrorId !== null) addMirror(pending, mirrorId, 1, size);
    const names = [DOWNLOADS, countryName(country)].map((name) => [name, 1] as const);
    const bytes = mirrorId === null ? [] : [[BYTES, size] as const];
    addHour(pending, utcHour(time), [...names, ...bytes]);
    return this.#addFile(pending, path, 1);
  }

  /** Number of downloads in ranges. */
  get ranged(): number {
    return this.#ranged;
  }

  /** Number of downloads of files. */
  get total(): number {
    let total = this.#ranged;
    for (const { files } of this.#days.values()) {
      for (const downloads of files.values()) total += downloads;
    }
    return total;
  }

  /**
   * Takes a part out, small enough to be written without making others wait.
   *
   * @param most how many paths at most
   * @param mostRanged how many downloads in ranges at most; default: as many
   * @returns the oldest day, or a part of it; `null` when there is nothing
   */
  take(most: number, mostRanged: number = most): PendingBatch | null {
    let oldest: PendingBatch | null = null;
    for (const batch of this.#days.values()) {
      if (oldest === null || batch.day < oldest.day) oldest = batch;
    }
    if (oldest === null) return null;
    const { day, files, mirrors, hours, ranged } = oldest;
    if (files.size <= most && ranged.length <= mostRanged) {
      this.#days.delete(day);
      this.#paths -= files.size;
      this.#ranged -= ranged.length;
      return oldest;
    }
    const taken: PendingBatch = {
      day,
      files: new Map(),
      mirrors: new Map(mirrors),
      hours: new Map(hours),
      ranged: ranged.splice(0, mostRanged),
    };
    mirrors.clear();
    hours.clear();
    for (const [path, downloads] of files) {
      if (taken.files.size === most) break;
      taken.files.set(path, downloads);
      files.delete(path);
    }
    this.#paths -= taken.files.size;
    this.#ranged -= taken.ranged.length;
    return taken;
  }

  #dayOf(day: string): PendingBatch {
    let pending = this.#days.get(day);
    if (pending === undefined) {
      pending = { day, files: new Map(), mirrors: new Map(), hours: new Map(), ranged: [] };
      this.#days.set(day, pending);
    }
    return pending;
  }

  #addFile(pending: PendingBatch, path: string, downloads: number): number {
    const known = pending.files.get(path);
    if (known === undefined) {
      if (this.#paths >= this.#limit) return downloads;
      this.#paths++;
    }
    pending.files.set(path, (known ?? 0) + downloads);
    return 0;
  }
}

function addHour(
  { hours }: PendingBatch,
  hour: Hour,
  counts: Iterable<readonly [name: string, count: number]>,
): void {
  let known = hours.get(hour);
  if (known === undefined) hours.set(hour, known = new Map());
  for (const [name, count] of counts) known.set(name, (known.get(name) ?? 0) + count);
}

function addMirror(pending: PendingBatch, id: number, downloads: number, bytes: number): void {
  const known = pending.mirrors.get(id);
  if (known === undefined) {
    pending.mirrors.set(id, { downloads, bytes });
  } else {
    known.downloads += downloads;
    known.bytes += bytes;
  }
}
