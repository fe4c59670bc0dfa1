import {
  entryOf,
  type FtpEntry,
  type FtpFile,
  linkEntry,
  parseFtpSize,
  uselessEntry,
} from "./ftp_entry.ts";
import { utcTime } from "./ftp_time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Type and permissions, with marks of extended ones; in brackets on NetWare. */
const MODE = /^(?:([-bcdDlps])[-rwxsStTlL]{9}[.+@]?|([-d])\s\[[-RWCEAFMS]{8}\])\s/;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
  .concat(["jul", "aug", "sep", "oct", "nov", "dec"]);

const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d))?`;

/**
 * Size, then a date in one of the ways in which servers write it, then one space and the name, which
 * may begin with spaces. Before the size there is at least one column, so that `1 jan 12 2023 Nov 14`
 * is not taken for a file of one byte.
 */
const details = (months: string, flags: string): RegExp => {
  const written = [
    String
      .raw`(?:(?<month>${months})\.?\s+(?<day>\d{1,2})|(?<day>\d{1,2})\.?\s+(?<month>${months})\.?)\s+` +
    String.raw`(?:${CLOCK}(?:\s+(?<year>(?:19|20)\d\d)(?=\s))?|(?<year>\d{4}))`,
    // ls --full-time, --time-style=long-iso and iso, in which a date alone is padded.
    String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T\s]\s*${CLOCK}` +
    String.raw`(?:[.,](?<fraction>\d{1,9}))?(?:\s?(?<zone>Z|[-+]\d\d:?\d\d)(?=\s))?|\s(?=\s))`,
    String.raw`(?<month>\d\d)-(?<day>\d\d)\s+${CLOCK}`,
  ];
  return new RegExp(
    String.raw`^\s*\S+(?=\s).*?\s(?<size>-?\d+)\s+(?:${written.join("|")})\s(?<name>.*)$`,
    flags,
  );
};

const NAMES = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";
const CAPITALIZED = details(NAMES, "u");
/** Only where the other one does not match: a user may be called `jan`. */
const IN_ANY_CASE = details(NAMES, "ui");

const bad = (reason: string): FtpEntry => ({ type: "bad", reason });

/**
 * Reads one line that `LIST` gives on servers that write as `ls -l` does, in any of its ways:
 *
 *     -rw-r--r--   1 ftp      ftp          1234 Nov 14 22:13 a file.iso
 *     drwxr-xr-x   2 ftp      ftp          4096 14 Nov  2023 pool
 *     -rw-r--r--   1 ftp      ftp          1234 2023-11-14 22:13:20.123456789 +0100 a file.iso
 *
 * Such a time is exact to the minute, or to the day where the year is given in its place. Unless the
 * line tells it, nobody knows its time zone; it is taken for UTC.
 *
 * @param line the line without its end
 * @param now milliseconds since the epoch: a time without a year is in the year before that
 */
export function parseUnixLine(line: string, now: number): FtpEntry {
  const mode = MODE.exec(line);
  if (mode === null) return bad("It is no line of a listing");
  const type = mode[1] ?? mode[2];
  if (type !== "-" && type !== "d" && type !== "l") return { type: "ignored" };
  const rest = line.slice(mode[0].length);
  const found = (CAPITALIZED.exec(rest) ?? IN_ANY_CASE.exec(rest))?.groups;
  if (found === undefined) {
    return type === "l" ? { type: "ignored" } : bad("It is no line of a listing");
  }
  const name = found["name"]!;
  if (type === "l") return linkEntry(name.replace(/ -> .*$/s, ""));
  if (type === "d") {
    if (name === "." || name === "..") return { type: "ignored" };
    return entryOf(name, () => ({ type: "directory", name, identity: "" }));
  }
  const size = parseFtpSize(found["size"]!);
  if (size === null) return uselessEntry(name, "The size is no number");
  const time = parseTime(found, now);
  if (time === null) return uselessEntry(name, "The time is no time");
  return entryOf(name, () => ({ type: "file", name, size, ...time }));
}

type Time = Pick<FtpFile, "modTime" | "resolution" | "local">;

function parseTime(
  { year, month = "", day, hour, minute, second, fraction, zone }: Record<
    string,
    string | undefined
  >,
  now: number,
): Time | null {
  const number = /^\d/.test(month)
    ? Number(month)
    : MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const at = (inYear: number): number | null =>
    utcTime(
      inYear,
      number,
      Number(day),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
    );
  const time = year === undefined ? lastSuch(at, now) : at(Number(year));
  if (time === null) return null;
  if (hour === undefined) return { modTime: time, resolution: DAY, local: true };
  const resolution = second === undefined ? MINUTE : fraction === undefined ? SECOND : 1;
  const exact = time + Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
  if (zone === undefined) return { modTime: exact, resolution, local: true };
  const [, sign, hours, minutes] = /([-+])(\d\d):?(\d\d)/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
  return { modTime: sign === "-" ? exact + offset : exact - offset, resolution };
}

/** The last such day; tomorrow is where the server's clock or time zone is ahead. */
function lastSuch(at: (year: number) => number | null, now: number): number | null {
  const thisYear = new Date(now + DAY).getUTCFullYear();
  for (const candidate of [thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4]) {
    const time = at(candidate);
    if (time !== null && time <= now + DAY) return time;
  }
  return null;
}
