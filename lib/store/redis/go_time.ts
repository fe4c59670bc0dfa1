/** The text of a time that is not known: Go's zero time. */
export const UNKNOWN_TIME = "0001-01-01 00:00:00 +0000 UTC";

/** How a time in UTC ends, as written here. */
const UTC = " +0000 UTC";

/** `2026-11-22 15:04:05 +0000 UTC`: most are in whole seconds. */
const SECONDS_LENGTH = 29;

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ([+-])(\d\d)(\d\d)(?: [^ ]+)?(?: m=[+-]\d+(?:\.\d+)?)?$/;

/**
 * Reads a time as Go prints it: `2006-01-02 15:04:05.999999999 -0700 MST`, with a fraction of any
 * length or none, in any zone.
 *
 * @returns milliseconds since the epoch, cut (never rounded) to whole ones; `null` when the time is
 * unknown (Go's zero time, in whatever zone) or the text is none
 */
export function parseGoTime(text: string): number | null {
  const plain = parsePlain(text);
  if (plain !== null) return plain;
  const match = PATTERN.exec(text);
  if (!match) return null;
  const time = timeOf(match);
  if (time === null) return null;
  const offset = (Number(match[9]) * 60 + Number(match[10])) * 60_000;
  return match[8] === "-" ? time + offset : time - offset;
}

/**
 * Writes a time as Go prints it, in UTC: `2026-11-22 15:04:05.5 +0000 UTC`.
 *
 * @param time milliseconds since the epoch; `null`: unknown
 */
export function formatGoTime(time: number | null): string {
  if (time === null || !Number.isFinite(time)) return UNKNOWN_TIME;
  const date = new Date(Math.floor(time));
  const year = date.getUTCFullYear();
  // Go's own layout cannot read other years, and takes them for unknown as well.
  if (!(year > 1 && year <= 9999)) return UNKNOWN_TIME;
  const text = date.toISOString();
  const fraction = text.endsWith(".000Z") ? "" : text.slice(19, 23).replace(/0+$/, "");
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction}${UTC}`;
}

/**
 * Reads what most times are, whole seconds in UTC, in a fraction of the time.
 *
 * @returns `null`: it is something else, or no time
 */
function parsePlain(text: string): number | null {
  if (text.length !== SECONDS_LENGTH || !text.endsWith(UTC)) return null;
  if (text[4] !== "-" || text[7] !== "-" || text[10] !== " ") return null;
  if (text[13] !== ":" || text[16] !== ":") return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  // Date takes years below 100 for the twentieth century.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return null;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return null;
  const time = (((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) *
    1000;
  return day <= 28 || new Date(time).getUTCDate() === day ? time : null;
}

/**
 * Days from 1970-01-01 to a day of the Gregorian calendar, in a fraction of the time that `Date.UTC` takes.
 * Years are counted from March on, so that the day that some lack is their last one.
 *
 * @param year at least 1
 * @param month 1 to 12
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((months * 153 + 2) / 5) + day - 719_469;
}

/** Reads `count` digits; NaN when there is anything else. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Milliseconds of a matched date and time as if it were UTC. In the groups 1 to 7 are year, month, day,
 * hour, minute, second and fraction.
 *
 * @returns `null` for Go's zero time and for dates that do not exist
 */
function timeOf(match: RegExpExecArray): number | null {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year <= 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const fraction = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}

/** `2026-11-22T15:04:05.123456789Z`. */
const JSON_PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a time as Go puts it into JSON: RFC 3339 with a fraction of any length, in any zone.
 *
 * @returns milliseconds since the epoch, cut to whole ones; `null` when the text is no such time
 */
export function parseJsonTime(text: unknown): number | null {
  const match = typeof text === "string" ? JSON_PATTERN.exec(text) : null;
  if (!match) return null;
  const [, dateAndTime, fraction = "", zone] = match;
  const time = Date.parse(`${dateAndTime}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`);
  return Number.isNaN(time) ? null : time;
}

/**
 * Writes a time as Go puts it into JSON, in UTC: the fraction only as long as needed.
 *
 * @param time milliseconds since the epoch
 */
export function formatJsonTime(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/, "Z");
}
