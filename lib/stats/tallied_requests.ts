/** Numbers by name; what is 0 may be missing. */
export type Counts = Readonly<Record<string, number>>;

/** How long something took, each time. */
export interface TalliedTimes {
  /** How often it took at most as long as each of {@linkcode TIME_BOUNDS} and longer than the one before; then the rest. */
  readonly buckets: readonly number[];
  /** Seconds, all together. */
  readonly sum: number;
}

/** What an HTTP thread counted since the last time. */
export interface TalliedRequests {
  /** By kind of answer. */
  readonly answers: Counts;
  /** Answers that memory alone gave, and those that had to wait for something. */
  readonly times: { readonly hit: TalliedTimes; readonly miss: TalliedTimes };
  /** Look-ups of files in the store. */
  readonly lookups: TalliedTimes;
  /** Look-ups that failed. */
  readonly failedLookups: number;
  /** Redirects, by ID of the mirror. */
  readonly mirrors: Counts;
  /** Mirrors that carry what was asked for and were left out, by the type of the reason. */
  readonly excluded: Counts;
  /** Requests by continent of the client; empty: unknown. */
  readonly continents: Counts;
  /** Requests by country of the client, where that is wanted; empty: unknown. */
  readonly countries: Counts;
  /** Questions to the memory of files that it could answer, and those that it could not. */
  readonly cache: { readonly hits: number; readonly misses: number };
}

/** Seconds that requests and calls of the store are told apart by, in steps of 1, 2, 5. */
export const TIME_BOUNDS: readonly number[] = [
  ...[0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005],
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
];

/** The place of a time among the buckets. @param milliseconds that something took */
export function bucketOf(milliseconds: number): number {
  const seconds = milliseconds / 1000;
  let bucket = 0;
  while (bucket < TIME_BOUNDS.length && seconds > TIME_BOUNDS[bucket]!) bucket++;
  return bucket;
}
