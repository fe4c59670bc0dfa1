import { utcDay } from "../clock/utc_day.ts";
import type { Period } from "../store/store.ts";
import { ControlError } from "./api/control_error.ts";

/** Days in UTC, both ends included; `2026-11-22`. */
export interface DateRange {
  readonly start: string;
  readonly end: string;
}

const DAY = 86_400_000;

/**
 * Reads a range of days.
 *
 * @param start first day (`YYYY-MM-DD`); `null`: today
 * @param end last day; `null`: today
 * @param now milliseconds since the epoch
 * @throws {ControlError} `invalid`
 */
export function parseDateRange(start: string | null, end: string | null, now: number): DateRange {
  const range = {
    start: start === null ? utcDay(now) : parseDay(start, "start"),
    end: end === null ? utcDay(now) : parseDay(end, "end"),
  };
  if (range.start <= range.end) return range;
  throw new ControlError(
    "invalid",
    `The start date ${range.start} is after the end date ${range.end}`,
  );
}

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

function parseDay(text: string, what: "start" | "end"): string {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const date = `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  // A day that the month does not have comes back as another. There is no year 0.
  const time = year === "0000" ? NaN : Date.parse(date);
  if (!Number.isNaN(time) && utcDay(time) === date) return date;
  throw new ControlError(
    "invalid",
    `The ${what} date must be a day such as 2026-11-22, found ${JSON.stringify(text)}`,
  );
}
