import { utcTime } from "../ftp_time.ts";

/** A time as a listing shows it: cut off, never rounded. */
export interface WrittenTime {
  /** Milliseconds since the epoch, as if it were UTC. */
  readonly time: number;
  /** Milliseconds that it is exact to: a minute, a second, or 1. */
  readonly step: number;
  /** Whether it is UTC for sure. */
  readonly zoned: boolean;
}

/** Which number of `1/2/2025` is the month; `null`: nobody knows yet. */
export type SlashOrder = "month_first" | "day_first" | null;

const SECOND = 1000;
const MINUTE = 60_000;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
  .concat(["jul", "aug", "sep", "oct", "nov", "dec"]);

const CLOCK = String
  .raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?)?`;
const DAY_NAME = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?`;

const FORMS = [
  // 2025-11-13 14:15, 2025-06-15T00:05:00.5Z, 2025-11-13 14:15:16 +01:00
  String
    .raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:t| )${CLOCK} ?(?<zone>z|utc|gmt|[-+]\d\d:?\d\d)?`,
  // 2025-Nov-13 14:15
  String.raw`(?<year>\d{4})-(?<name>[a-z]{3})-(?<day>\d{1,2}) ${CLOCK}`,
  // 13-Nov-2025 14:15, Sun, 15 Jun 2025 00:05:00 GMT
  String
    .raw`${DAY_NAME}(?<day>\d{1,2})[- ](?<name>[a-z]{3})[- ](?<year>\d{4}),? ${CLOCK} ?(?<zone>z|utc|gmt|[-+]\d{4})?`,
  // Nov 16, 2014, 11:03:27 PM
  String
    .raw`${DAY_NAME}(?<name>[a-z]{3}) (?<day>\d{1,2}), (?<year>\d{4}),? ${CLOCK}(?: ?(?<half>[ap])m)?`,
  // Sat Nov 28 13:02:25 UTC 2026
  String.raw`${DAY_NAME}(?<name>[a-z]{3}) (?<day>\d{1,2}) ${CLOCK} (?<zone>utc|gmt) (?<year>\d{4})`,
  // 9/1/2025 10:00:01 AM
  String.raw`(?<first>\d{1,2})\/(?<other>\d{1,2})\/(?<year>\d{4}),? ${CLOCK}(?: ?(?<half>[ap])m)?`,
].map((form) => new RegExp(`^${form}$`, "i"));

/** Finds the times in a text; what is found is for {@linkcode parseWrittenTime}. */
export const WRITTEN_TIME: RegExp = new RegExp(
  String
    .raw`(?:${DAY_NAME}(?:\d{1,4}[-/ ](?:\d{1,2}|[a-z]{3})[-/ ]\d{1,4}|[a-z]{3} \d{1,2},? \d{4}),?[t ]\s*\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?: ?[ap]m\b)?(?: ?(?:z|utc|gmt|[-+]\d\d:?\d\d)\b)?)` +
    String.raw`|(?:${DAY_NAME}[a-z]{3} \d{1,2} \d{1,2}:\d\d:\d\d (?:utc|gmt) \d{4})`,
  "gi",
);

/** Blanks of all kinds as one space each: Java writes a narrow one before PM. */
export function plainBlanks(text: string): string {
  return text.replaceAll(/[\s\u00a0\u202f]+/gu, " ").trim();
}

/**
 * Reads a time as a listing shows it.
 *
 * @param text with plain blanks
 * @param order what `1/2/2025` means
 * @returns `null` when it is none, or exact to the day only
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const time = Date.UTC(2025, 10, 13, 14, 15);
 * assertEquals(parseWrittenTime("13-Nov-2025 14:15", null), { time, step: 60_000, zoned: false });
 * ```
 */
export function parseWrittenTime(text: string, order: SlashOrder): WrittenTime | null {
  const found = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) return null;
  const { year, day, name, first, other, minute, second, fraction, half, zone } = found;
  if (first !== undefined && order === null) return null;
  const monthFirst = order === "month_first";
  const month = first !== undefined
    ? Number(monthFirst ? first : other)
    : name !== undefined
    ? MONTHS.indexOf(name.toLowerCase()) + 1
    : Number(found["month"]);
  const date = first === undefined ? Number(day) : Number(monthFirst ? other : first);
  let hour = Number(found["hour"]);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = hour % 12 + (half.toLowerCase() === "p" ? 12 : 0);
  }
  const start = month < 1
    ? null
    : utcTime(Number(year), month, date, hour, Number(minute), Number(second ?? 0));
  if (start === null) return null;
  const step = second === undefined ? MINUTE : fraction === undefined ? SECOND : 1;
  const time = start + Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = /([-+])(\d\d):?(\d\d)/.exec(zone ?? "");
  if (offset === null) return { time, step, zoned: zone !== undefined };
  const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -1 : 1);
  return { time: time - minutes * MINUTE, step, zoned: true };
}

/** What a date like `13/1/2025` shows about which number is the month; `null`: nothing. */
export function slashOrderOf(text: string): SlashOrder {
  const [, first, other] = /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text) ?? [];
  if (Number(first) > 12 && Number(other) <= 12) return "day_first";
  return Number(other) > 12 && Number(first) <= 12 ? "month_first" : null;
}
