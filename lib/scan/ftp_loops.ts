import { createHash } from "../worker/late_builtins.ts";
import type { FtpContents } from "./ftp_directory.ts";
import { UnreadableDirectoryError } from "./ftp_session.ts";

/** A directory on the way down, and what it holds in short. */
export interface FtpStep {
  /** Below the URL, with a leading slash; empty: the URL itself. */
  readonly path: string;
  readonly parent: FtpStep | null;
  /** As {@linkcode printOf} gives it; empty: it has no directories. */
  readonly print: string;
}

/**
 * How many times more the way from a directory to one below it, which looks the same, must lead to one
 * that looks the same, until that is believed to be the same one.
 */
const CONFIRMATIONS = 4;

/**
 * What tells a directory from others, as far as names, sizes and times do.
 *
 * @returns empty when it has no directories: then it cannot contain itself
 */
export function printOf({ entries }: Pick<FtpContents, "entries">): string {
  if (!entries.some(({ type }) => type === "directory")) return "";
  const hash = createHash("sha256");
  for (const entry of entries) {
    if (entry.type !== "ignored") hash.update(`${JSON.stringify(Object.values(entry))}\n`);
  }
  return hash.digest("base64");
}

/**
 * Whether a directory is one of those that lead to it, as behind a link that a server follows: it looks
 * the same, and so do those that the same way leads to from there, again and again. Most servers have
 * no other way to tell.
 *
 * @param read reads a directory
 */
export async function leadsToItself(
  directory: FtpStep,
  read: (path: string) => Promise<FtpContents>,
): Promise<boolean> {
  const { path, print } = directory;
  if (print === "") return false;
  for (let above = directory.parent; above !== null; above = above.parent) {
    if (above.print !== print) continue;
    const way = path.slice(above.path.length);
    if (await repeats(path, way, print, read)) return true;
  }
  return false;
}

async function repeats(
  path: string,
  way: string,
  print: string,
  read: (path: string) => Promise<FtpContents>,
): Promise<boolean> {
  for (let count = 1; count <= CONFIRMATIONS; count++) {
    try {
      if (printOf(await read(path + way.repeat(count))) !== print) return false;
    } catch (error) {
      // Links can be followed so often and no more.
      if (error instanceof UnreadableDirectoryError) return count > 2;
      throw error;
    }
  }
  return true;
}
