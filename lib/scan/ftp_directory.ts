import type { Breather } from "./breather.ts";
import type { FtpEntry, FtpNonsense } from "./ftp_entry.ts";
import { parseListLine } from "./ftp_list_line.ts";
import { parseMachineLine } from "./ftp_machine_line.ts";
import type { FtpDirectoryText } from "./ftp_session.ts";
import { ListingError } from "./lister.ts";
import { quoteLine } from "./quote_line.ts";
import { Warnings } from "./warnings.ts";

/** Lines of one directory. */
const MAX_LINES = 1_000_000;

/** Names of one directory of which nothing new is known; with more, it may hold anything. */
const MAX_UNKNOWN = 1000;

/** What one directory holds. */
export interface FtpContents {
  /** Files, directories, and what is ignored. */
  readonly entries: readonly Exclude<FtpEntry, FtpNonsense>[];
  /** Names of which nothing new is known. */
  readonly unknown: readonly string[];
  /** Whether it may hold more, of any name. */
  readonly partial: boolean;
  /** What went wrong. */
  readonly problems: Warnings;
}

/**
 * Reads what a server wrote of a directory. A line that cannot be read spoils nothing but itself.
 *
 * @param now milliseconds since the epoch
 * @throws {ListingError} when there is no end to it
 * @throws the reason of the breather's signal when it was aborted
 */
export async function readFtpDirectory(
  { format, lines, cut }: FtpDirectoryText,
  now: number,
  breather: Breather,
): Promise<FtpContents> {
  const entries: Exclude<FtpEntry, FtpNonsense>[] = [];
  const unknown: string[] = [];
  const problems = new Warnings();
  let partial = cut !== "";
  if (partial) problems.add(`The server left out the rest: ${cut}`);
  let count = 0;
  for (const line of lines) {
    if (breather.due) await breather.pause();
    if (line === "") continue;
    if (++count > MAX_LINES) {
      throw new ListingError(`FTP: A directory has more than ${MAX_LINES} lines`);
    }
    const entry = format === "machine" ? parseMachineLine(line) : parseListLine(line, now);
    if (entry.type !== "bad") {
      entries.push(entry);
      continue;
    }
    problems.add(`${entry.reason}: ${quoteLine(line)}`);
    if (entry.name === undefined) partial = true;
    else if (entry.name !== null && unknown.length <= MAX_UNKNOWN) unknown.push(entry.name);
  }
  return unknown.length > MAX_UNKNOWN
    ? { entries, unknown: [], partial: true, problems }
    : { entries, unknown, partial, problems };
}
