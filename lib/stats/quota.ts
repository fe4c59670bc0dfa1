import { utcDay } from "../clock/utc_day.ts";

const DAY = 86_400_000;

/** Part of a limit from which on a mirror is chosen less and less. */
const FROM = 0.8;

/**
 * Lists the days of a month of a mirror's that have begun, in UTC.
 *
 * @param now milliseconds since the epoch
 * @param monthStarts day of the month on which it begins, 1 to 31; in a shorter month its last day
 * @returns `2026-11-12`, `2026-11-13`, … up to today
 */
export function daysOfMonth(now: number, monthStarts: number): string[] {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const today = Date.UTC(year, month, date.getUTCDate());
  const start = startIn(year, month, monthStarts);
  const days: string[] = [];
  const first = start <= today ? start : startIn(year, month - 1, monthStarts);
  for (let day = first; day <= today; day += DAY) days.push(utcDay(day));
  return days;
}

function startIn(year: number, month: number, monthStarts: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(monthStarts, last));
}

/**
 * How much of its weight a mirror keeps.
 *
 * @param used bytes
 * @param limit bytes; 0: there is none
 * @returns 1 below 80 % of the limit, from there on less in proportion, 0 when it is used up
 */
export function quotaFactor(used: number, limit: number): number {
  if (limit === 0) return 1;
  const part = used / limit;
  if (part < FROM) return 1;
  return part >= 1 ? 0 : (1 - part) / (1 - FROM);
}
