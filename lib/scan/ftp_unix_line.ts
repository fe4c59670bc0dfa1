import { entryOf, type FtpEntry, parseFtpSize } from "./ftp_entry.ts";
import { utcTime } from "./ftp_time.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Lines longer than this are no lines: no file system has such names. */
const MAX_LINE = 8192;

/** Type and permissions, with marks of extended ones. */
const MODE = /^([-bcdDlps])[-rwxsStTlL]{9}[.+@]?\s/;

/** Size, then month, day, and time or year; then one space and the name, which may begin with spaces. */
const DETAILS =
  /\s(-?\d+)\s+(?:([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{1,2}):(\d\d)|(\d{4}))|(\d{4})-(\d\d)-(\d\d)\s+(\d\d):(\d\d))\s(.*)$/u;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
  .concat(["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]);

const bad = (reason: string): FtpEntry => ({ type: "bad", reason });

/**
 * Reads one line that `LIST` gives on servers that write as `ls -l` does:
 *
 *     -rw-r--r--   1 ftp      ftp          1234 Nov 14 22:13 a file.iso
 *     drwxr-xr-x   2 ftp      ftp          4096 Nov 14  2023 pool
 *
 * Such a time is exact to the minute, or to the day where the year is given in its place. Nobody knows
 * its time zone; it is taken for UTC.
 *
 * @param line the line without its end
 * @param now milliseconds since the epoch: a time without a year is in the year before that
 */
export function parseUnixLine(line: string, now: number): FtpEntry {
  if (line === "" || /^total \d+$/.test(line)) return { type: "ignored" };
  const type = line.length > MAX_LINE ? undefined : MODE.exec(line)?.[1];
  if (type === undefined) return bad("It is no line of a listing");
  if (type !== "-" && type !== "d") return { type: "ignored" };
  const details = DETAILS.exec(line);
  if (details === null) return bad("It is no line of a listing");
  const name = details[12]!;
  if (type === "d") {
    if (name === "." || name === "..") return { type: "ignored" };
    return entryOf(name, () => ({ type: "directory", name, identity: "" }));
  }
  const size = parseFtpSize(details[1]!);
  if (size === null) return bad("The size is no number");
  const time = parseTime(details, now);
  if (time === null) return bad("The time is no time");
  const resolution = details[6] === undefined ? MINUTE : DAY;
  return entryOf(name, () => ({ type: "file", name, size, modTime: time, resolution }));
}

function parseTime(details: RegExpExecArray, now: number): number | null {
  const [, , monthName, shortDay, hour, minute, shortYear, year, month, day, hour2, minute2] =
    details;
  if (monthName === undefined) {
    return utcTime(Number(year), Number(month), Number(day), Number(hour2), Number(minute2), 0);
  }
  const number = MONTHS.indexOf(monthName) + 1;
  if (number === 0) return null;
  if (shortYear !== undefined) {
    return utcTime(Number(shortYear), number, Number(shortDay), 0, 0, 0);
  }
  // The last such day; tomorrow is where the server's clock or time zone is ahead.
  const thisYear = new Date(now + DAY).getUTCFullYear();
  for (const candidate of [thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4]) {
    const time = utcTime(candidate, number, Number(shortDay), Number(hour), Number(minute), 0);
    if (time !== null && time <= now + DAY) return time;
  }
  return null;
}
