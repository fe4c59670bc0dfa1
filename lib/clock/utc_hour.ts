/**
 * Names the hour of a time, in UTC.
 *
 * @param time milliseconds since the epoch
 * @returns `2026-11-22T15`
 */
export function utcHour(time: number): string {
  return new Date(time).toISOString().slice(0, 13);
}
