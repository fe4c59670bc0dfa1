import { utcDay } from "../clock/utc_day.ts";
import type { DateRange } from "../stats/date_range.ts";
import { ControlError } from "./api/control_error.ts";

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
