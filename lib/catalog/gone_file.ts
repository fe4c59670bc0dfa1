import type { FileCopy, IndexedFile, SourceFile } from "./file.ts";

/** A file that left the source, as it was last. */
export interface GoneFile {
  /** The file as it was, and what mirrors have of it now. */
  readonly indexed: IndexedFile;
  /** When it left, in milliseconds since the epoch. */
  readonly time: number;
}

/**
 * Writes what is kept of a file that left the source.
 *
 * @param file as it was last
 * @param time when it left
 */
export function formatGone({ size, modTime, sha1, sha256, md5 }: SourceFile, time: number): string {
  return JSON.stringify([time, size, modTime, sha1, sha256, md5]);
}

/** When a file left the source, as far as a text of {@linkcode formatGone} tells; `null`: it does not. */
export function goneTime(text: string): number | null {
  const time = Number(/^\[(\d{1,16}),/.exec(text)?.[1] ?? NaN);
  return Number.isNaN(time) ? null : time;
}

/**
 * Reads what {@linkcode formatGone} wrote.
 *
 * @param path of the file
 * @param text what is kept of it
 * @param copies what mirrors have
 * @returns `null` for anything else
 */
export function parseGone(
  path: string,
  text: string,
  copies: readonly FileCopy[],
): GoneFile | null {
  try {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts)) return null;
    const [time, size, modTime, sha1, sha256, md5] = parts;
    const numbers = [time, size, modTime ?? 0].every(Number.isFinite);
    const texts = [sha1, sha256, md5].every((part) => typeof part === "string");
    if (!numbers || !texts) return null;
    const file = { path, size, modTime, sha1, sha256, md5 };
    return { time, indexed: { file, copies, former: true } };
  } catch {
    return null;
  }
}
