import { parseDosLine } from "./ftp_dos_line.ts";
import type { FtpEntry } from "./ftp_entry.ts";
import { parseEplfLine } from "./ftp_eplf_line.ts";
import { parseUnixLine } from "./ftp_unix_line.ts";

/** Lines longer than this are no lines: no file system has such names. */
const MAX_LINE = 8192;

/**
 * Reads one line that `LIST` gives. RFC 959 does not say what it looks like; the first character tells in
 * which way the server writes.
 *
 * @param line the line without its end
 * @param now milliseconds since the epoch: a time without a year is in the year before that
 */
export function parseListLine(line: string, now: number): FtpEntry {
  if (line === "" || /^total \d+$/i.test(line)) return { type: "ignored" };
  if (line.length > MAX_LINE) return { type: "bad", reason: "It is no line of a listing" };
  if (line.startsWith("+")) return parseEplfLine(line);
  return /^\s*\d/.test(line) ? parseDosLine(line) : parseUnixLine(line, now);
}
