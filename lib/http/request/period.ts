import type { Period } from "../../store/download_counts.ts";
import { utcDay } from "../../clock/utc_day.ts";

const DAY = 86_400_000;

/** There is no year 0. */
const FORM = /^(?!0000)(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

/**
 * Reads a year, a month or a day.
 *
 * @param text `2026`, `2026-11` or `2026-11-22`; months and days may have one digit
 * @returns as the counters call it; `null` when it does not exist, as the 30th of February
 */
export function parsePeriod(text: string): Period | null {
  const form = FORM.exec(text);
  if (form === null) return null;
  const period = form.slice(1).filter(Boolean).map((part) => part.padStart(2, "0")).join("-");
  // A day that the month does not have comes back as another.
  const time = Date.parse(period);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(period) ? period : null;
}

/**
 * The first and the last day of a year, a month or a day.
 *
 * @param period as the counters call it, not empty
 */
export function daysOfPeriod(period: Period): { readonly start: string; readonly end: string } {
  const [year = 0, month, day] = period.split("-").map(Number);
  const start = `${period}${month === undefined ? "-01-01" : day === undefined ? "-01" : ""}`;
  if (day !== undefined) return { start, end: start };
  // Unlike `Date.UTC()`, years up to 99 are meant as they are.
  const next = month === undefined
    ? new Date(0).setUTCFullYear(year + 1, 0, 1)
    : new Date(0).setUTCFullYear(year, month, 1);
  return { start, end: utcDay(next - DAY) };
}
