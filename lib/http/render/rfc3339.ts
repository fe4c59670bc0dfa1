/** How Go, and with it every tool that reads these answers, writes that a time is unknown. */
const UNKNOWN = "0001-01-01T00:00:00Z";

/** The last millisecond of the year 9999, beyond which the format ends. */
const LAST = 253_402_300_799_999;

/**
 * Writes a time as RFC 3339 in UTC, with a fraction only as long as needed: `2023-11-14T23:13:20Z`.
 *
 * @param time milliseconds since the epoch; `null` when unknown
 * @returns the text; `0001-01-01T00:00:00Z` when unknown
 */
export function rfc3339(time: number | null): string {
  if (time === null || !(time > -62_135_596_800_000 && time <= LAST)) return UNKNOWN;
  return new Date(time).toISOString().replace(/\.?0*Z$/, "Z");
}
