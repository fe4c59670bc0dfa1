/**
 * Names the day of a time, in UTC, as the counters and everybody who asks them do.
 *
 * @param time milliseconds since the epoch
 * @returns `2026-11-22`
 */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * Names the hour of a time, in UTC.
 *
 * @param time milliseconds since the epoch
 * @returns `2026-11-22T15`
 */
export function utcHour(time: number): string {
  return new Date(time).toISOString().slice(0, 13);
}
