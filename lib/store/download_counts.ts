/** A day in UTC (`2026-11-22`), a month (`2026-11`), a year (`2026`), or everything (empty). */
export type Period = string;

/** An hour in UTC: `2026-11-22T15`. */
export type Hour = string;

/** Downloads, and the bytes that mirrors were to send for them. */
export interface DownloadCount {
  /** How many. */
  readonly downloads: number;
  /** Sizes of the files, all together. */
  readonly bytes: number;
}

/** Downloads to add to the counters. One batch belongs to one day. */
export interface DownloadBatch {
  /** The day in UTC, `2026-11-22`. */
  readonly day: string;
  /** Path → downloads. */
  readonly files: ReadonlyMap<string, number>;
  /** Mirror ID → downloads and bytes. */
  readonly mirrors: ReadonlyMap<number, { readonly downloads: number; readonly bytes: number }>;
  /**
   * What was counted by name in the hours of the day, and counts for the day, too; under the day itself what
   * came without its hour. Default: nothing.
   */
  readonly hours?: ReadonlyMap<Hour, ReadonlyMap<string, number>>;
  /** Downloads in ranges, of which each counts unless its client is remembered. */
  readonly ranged?: readonly RangedCount[];
}

/** A download in ranges: it counts once for a client and a file, as long as the client is remembered. */
export interface RangedCount {
  /** SHA-256 of `address/user agent`, hexadecimal. */
  readonly clientHash: string;
  /** Path of the file. */
  readonly path: string;
  /** `null` when a fallback serves it. */
  readonly mirrorId: number | null;
  /** Bytes of the file. */
  readonly size: number;
  /** How long the client is remembered, from the time on when the batch is written; above 0. */
  readonly seconds: number;
  /** When it began. Absent: only the day is known. */
  readonly hour?: Hour;
  /** Country of the client, by its code. Default: unknown. */
  readonly country?: string;
}

/** The periods that something was counted in. */
export interface CountedPeriods {
  /** Counters of files and mirrors. */
  readonly counters: readonly Period[];
  /** What is counted by name: hours and days. */
  readonly series: readonly (Hour | Period)[];
}
