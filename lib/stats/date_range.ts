import type { Period } from "../store/download_counts.ts";
import { utcDay } from "../clock/utc_day.ts";

/** Days in UTC, both ends included; `2026-11-22`. */
export interface DateRange {
  readonly start: string;
  readonly end: string;
}

const DAY = 86_400_000;

/**
 * The fewest periods that make up a range: whole years and months where they fit, days at the ends.
 *
 * @param range days, both ends included
 */
export function periodsOf(range: DateRange): Period[] {
  const periods: Period[] = [];
  const last = Date.parse(range.end);
  for (let time = Date.parse(range.start); time <= last;) {
    const date = new Date(time);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const nextYear = utc(year + 1, 0);
    const nextMonth = utc(year, month + 1);
    const text = utcDay(time);
    if (month === 0 && day === 1 && nextYear - DAY <= last) {
      periods.push(text.slice(0, 4));
      time = nextYear;
    } else if (day === 1 && nextMonth - DAY <= last) {
      periods.push(text.slice(0, 7));
      time = nextMonth;
    } else {
      periods.push(text);
      time += DAY;
    }
  }
  return periods;
}

/** The first day of a month; unlike `Date.UTC()` the years up to 99 are meant as they are. */
function utc(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month, 1);
}

/** Lists the days of a range. */
export function daysOf({ start, end }: DateRange): string[] {
  const days: string[] = [];
  const last = Date.parse(end);
  for (let time = Date.parse(start); time <= last; time += DAY) days.push(utcDay(time));
  return days;
}
