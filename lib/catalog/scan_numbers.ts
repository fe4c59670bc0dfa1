/** How what a mirror carries compares with the source, in files, at a scan. */
export interface ScanCounts {
  /** The same as in the source. */
  readonly current: number;
  /** Older than in the source. */
  readonly older: number;
  /** Of another size, and not newer: half-way copied, or damaged. */
  readonly size: number;
  /** Newer than in the source: the mirror is ahead. */
  readonly newer: number;
  /** In the source, not there, and in a directory of which the mirror carries something. */
  readonly missing: number;
  /** Not in the source. */
  readonly foreign: number;
}

/** What a scan counted, and of which scan that is. */
export interface ScanNumbers extends ScanCounts {
  /**
   * Since when the mirror has been behind, in milliseconds: when the oldest of the source files that it
   * lacks, or has another version of, was first seen, or else its time; `null`: it is not.
   */
  readonly behindSince: number | null;
  /** `lastSuccessfulSync` of the scan that counted: with any other one they do not count. */
  readonly scan: number;
}

/** The numbers as far as they are of the last good scan: another program may have scanned since. */
export function validNumbers(
  numbers: ScanNumbers | null,
  lastSuccessfulSync: number | null,
): ScanNumbers | null {
  if (numbers === null || lastSuccessfulSync === null) return null;
  // Stores that are shared with the original know whole seconds.
  return Math.floor(numbers.scan / 1000) === Math.floor(lastSuccessfulSync / 1000) ? numbers : null;
}

/** How many of the source's files the mirror should have: those that it has, and those that it lacks. */
export function expectedFiles({ current, older, size, newer, missing }: ScanCounts): number {
  return current + older + size + newer + missing;
}

/**
 * How far a mirror is behind by its listing.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds; 0: not at all; `null`: nobody knows
 */
export function lagOf(
  { scanNumbers, lastSuccessfulSync, wholeTree = false }: {
    /** Whether it is scanned no more. Default: it is. */
    readonly wholeTree?: boolean;
    readonly scanNumbers: ScanNumbers | null;
    readonly lastSuccessfulSync: number | null;
  },
  now: number,
): number | null {
  const numbers = validNumbers(scanNumbers, lastSuccessfulSync);
  if (numbers === null || wholeTree) return null;
  return numbers.behindSince === null ? 0 : Math.max(0, now - numbers.behindSince);
}
