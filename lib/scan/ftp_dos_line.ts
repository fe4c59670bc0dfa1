import { entryOf, type FtpEntry, linkEntry, parseFtpSize, uselessEntry } from "./ftp_entry.ts";
import { utcTime } from "./ftp_time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Date, time, size or kind, name. A size ends one space before the name. */
const LINE =
  /^\s*(?:(?<first>\d\d)([-/.])(?<second>\d\d)\2(?<year>\d{4}|\d\d)|(?<isoYear>\d{4})-(?<isoMonth>\d\d)-(?<isoDay>\d\d))\s+(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<seconds>\d\d))?\s?(?<half>[AaPp])?[Mm]?\s+(?:<(?<kind>[A-Za-z]+)>\s+|(?<size>[\d,]+)\s)(?<name>.*)$/u;

/** Years of two digits below this one are of this century (POSIX, `%y` of `strptime()`). */
const CENTURY = 69;

/**
 * Reads one line that `LIST` gives on Windows, as `dir` writes it:
 *
 *     11-14-23  10:13PM       <DIR>          pool
 *     11-14-2023  22:13                 1234 a file.iso
 *
 * The month comes first; where it cannot, nobody can tell what the others of that server mean, and the
 * time is left out. Nobody knows its time zone; it is taken for UTC.
 *
 * @param line the line without its end
 */
export function parseDosLine(line: string): FtpEntry {
  const found = LINE.exec(line)?.groups;
  if (found === undefined) return { type: "bad", reason: "It is no line of a listing" };
  const { kind, size: digits, name = "" } = found;
  if (kind !== undefined) {
    if (name === "." || name === "..") return { type: "ignored" };
    // Junctions and links may lead anywhere.
    if (kind.toUpperCase() !== "DIR") return linkEntry(name.replace(/ \[.*\]$/s, ""));
    return entryOf(name, () => ({ type: "directory", name, identity: "" }));
  }
  const size = parseFtpSize(digits!.replaceAll(",", ""));
  if (size === null) return uselessEntry(name, "The size is no number");
  const resolution = found["seconds"] === undefined ? MINUTE : SECOND;
  const dayFirst = Number(found["first"] ?? 0) > 12 && Number(found["second"]) <= 12;
  const modTime = dayFirst ? null : timeOf(found);
  if (modTime === null && !dayFirst) return uselessEntry(name, "The time is no time");
  return entryOf(name, () => ({ type: "file", name, size, modTime, resolution, local: true }));
}

function timeOf(found: Record<string, string | undefined>): number | null {
  const { first, second, year, isoYear, isoMonth, isoDay, hour, minute, seconds, half } = found;
  const written = Number(isoYear ?? year);
  const short = isoYear === undefined && year!.length === 2;
  const full = short ? written + (written < CENTURY ? 2000 : 1900) : written;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null;
  const hours = half === undefined
    ? Number(hour)
    : Number(hour) % 12 + (half.toUpperCase() === "P" ? 12 : 0);
  const [month, day] = [Number(isoMonth ?? first), Number(isoDay ?? second)];
  return utcTime(full, month, day, hours, Number(minute), Number(seconds ?? 0));
}
