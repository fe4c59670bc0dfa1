import type { ListedFile } from "../catalog/file.ts";
import { decodeRsyncName } from "./rsync_name.ts";

/**
 * What one line of `rsync -r` says: a file; nothing of interest (a directory, a link, a device, an
 * empty line); or nonsense, with the reason.
 */
export type RsyncLine =
  | { readonly type: "file"; readonly file: ListedFile }
  | { readonly type: "ignored" }
  | { readonly type: "bad"; readonly reason: string };

const IGNORED: RsyncLine = { type: "ignored" };
const bad = (reason: string): RsyncLine => ({ type: "bad", reason });

const SPACE = 32;
const COMMA = 44;
const MINUS = 45;
const SLASH = 47;
const ZERO = 48;
const COLON = 58;

/** `drwxr-xr-x`: type and permissions. */
const MODE_LENGTH = 10;
/** Directories, links, devices, pipes, sockets. */
const OTHER_TYPES = new Set([..."dlbcps"].map((letter) => letter.charCodeAt(0)));
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Reads one line of the listing that `rsync -r` prints under `LC_ALL=C` and `TZ=UTC`:
 *
 *     -rw-r--r--          1,234 2023/11/14 22:13:20 pool/a file.iso
 *
 * Works on bytes, since a name is whatever bytes the mirror's file system holds. A name that could
 * lead elsewhere (absolute, with empty, `.` or `..` segments) is never let through.
 *
 * @param line the line without its line feed
 * @returns what it says
 */
export function parseRsyncLine(line: Uint8Array): RsyncLine {
  if (line.length === 0) return IGNORED;
  const type = line[0]!;
  if (type !== MINUS) {
    return OTHER_TYPES.has(type) && line[MODE_LENGTH] === SPACE
      ? IGNORED
      : bad("It is no line of a listing");
  }
  if (line[MODE_LENGTH] !== SPACE) return bad("It is no line of a listing");

  let at = MODE_LENGTH;
  while (line[at] === SPACE) at++;
  const sizeStart = at;
  let size = 0;
  for (; at < line.length && line[at] !== SPACE; at++) {
    const byte = line[at]!;
    if (byte === COMMA && at > sizeStart) continue;
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return bad("The size is no number");
    size = size * 10 + digit;
  }
  if (at === sizeStart) return bad("The size is missing");
  if (!Number.isSafeInteger(size)) return bad("The size is too large");

  // ` 2023/11/14 22:13:20 `, all columns fixed.
  const modTime = parseTime(line, at + 1);
  if (modTime === null || line[at] !== SPACE || line[at + 20] !== SPACE) {
    return bad("The time is no time");
  }
  const name = decodeRsyncName(line.subarray(at + 21));
  if (name === null) return bad("The name is not valid UTF-8");
  if (!isBelow(name)) return bad("The name leads elsewhere");
  return { type: "file", file: { path: "/" + name, size, modTime } };
}

/** The calendar day parsed last, as a number of eight digits, and its start: most lines share it. */
let lastDay = 0;
let lastDayStart = 0;

/** Reads `2023/11/14 22:13:20`; `null` when it is not that. */
function parseTime(line: Uint8Array, at: number): number | null {
  if (line.length < at + 19) return null;
  if (
    line[at + 4] !== SLASH || line[at + 7] !== SLASH || line[at + 10] !== SPACE ||
    line[at + 13] !== COLON || line[at + 16] !== COLON
  ) return null;
  const year = digits(line, at, 4);
  const month = digits(line, at + 5, 2);
  const day = digits(line, at + 8, 2);
  const hour = digits(line, at + 11, 2);
  const minute = digits(line, at + 14, 2);
  const second = digits(line, at + 17, 2);
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return null;
  const key = year * 10_000 + month * 100 + day;
  if (key !== lastDay) {
    const start = dayStart(year, month, day);
    if (start === null) return null;
    lastDay = key;
    lastDayStart = start;
  }
  return lastDayStart + (hour * 60 + minute) * MINUTE + second * 1000;
}

/** Milliseconds of the start of a day; `null` when there is no such day. */
function dayStart(year: number, month: number, day: number): number | null {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || !(year >= 1 && day >= 1)) return null;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (month === 2 && leap ? 29 : days)) return null;
  // Date.UTC() takes years below 100 for the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, 1) + (day - 1) * DAY;
}

/** Reads `count` digits; NaN when there is anything else. */
function digits(line: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = line[i]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a relative name stays below where it starts, and is written in the only way. */
function isBelow(name: string): boolean {
  if (name === "" || name.startsWith("/") || name.endsWith("/") || name.includes("\0")) {
    return false;
  }
  // Few names have any of these, so that the split is rare.
  if (!name.startsWith(".") && !name.includes("/.") && !name.includes("//")) return true;
  return name.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}
