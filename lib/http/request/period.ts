import type { Period } from "../../store/store.ts";

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
