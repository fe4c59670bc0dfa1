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

const UNITS = [["days", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const;

/**
 * Writes a span of time coarsely: `11 min`, `2 h`, `9 days`; below a minute `0 min`.
 *
 * @param milliseconds not below 0
 */
export function formatSpan(milliseconds: number): string {
  // Two days are the first that read better as days.
  const [unit, length] =
    UNITS.find(([name, size]) => milliseconds >= size * (name === "days" ? 2 : 1)) ?? UNITS[2];
  return `${Math.floor(milliseconds / length)} ${unit}`;
}
