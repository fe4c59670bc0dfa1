/** What stands for a time that never was, where a time is expected. */
const NEVER = "Mon, 01 Jan 0001 00:00:00 UTC";

/**
 * Writes a time as in a mail: `Mon, 02 Jan 2006 15:04:05 UTC`.
 *
 * @param time ISO 8601; `null`: never, which reads as the year 1
 */
export function formatDate(time: string | null): string {
  return time === null ? NEVER : new Date(time).toUTCString().replace(/GMT$/, "UTC");
}

/**
 * Writes a time of today: `15:04:05 UTC`.
 *
 * @param time ISO 8601
 */
export function clockTime(time: string): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}

/**
 * Writes a time as in a log: `2006-01-02 15:04:05 UTC`.
 *
 * @param time ISO 8601
 */
export function formatLogTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
