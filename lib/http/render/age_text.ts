const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/**
 * Words how old something is, coarsely: `up-to-date` below a minute, then `5 minutes ago`,
 * `1 hour ago`, `3 days ago`, `2 years ago`; `in the future` when it is not yet.
 *
 * @param milliseconds its age
 * @returns the text
 */
export function ageText(milliseconds: number): string {
  if (Math.abs(milliseconds) < MINUTE) return "up-to-date";
  if (milliseconds < 0) return "in the future";
  if (milliseconds < HOUR) return ago(milliseconds / MINUTE, "minute");
  if (milliseconds < DAY) return ago(milliseconds / HOUR, "hour");
  // A year has to be over before it is called one.
  if (milliseconds <= YEAR) return ago(milliseconds / DAY, "day");
  return ago(milliseconds / YEAR, "year");
}

function ago(count: number, unit: string): string {
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"} ago`;
}
