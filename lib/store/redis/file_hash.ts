import type { FileCopy, ListedFile, SourceFile } from "../../catalog/file.ts";
import { formatGoTime, parseGoTime } from "./go_time.ts";

/** What Redis gives for a field; `null`, or `false` within JSON: not there. */
export type FieldValue = string | null | false;

/**
 * The size of a file whose path is in a set while its hash is gone. No real file has it, so that the
 * next scan writes the file anew or removes it.
 */
const SIZE_OF_MISSING = -1;

/** A source file as the arguments of a script: path, size, modTime, sha1, sha256, md5, first sight. */
export function sourceFileArguments(file: SourceFile): string[] {
  const { path, size, modTime, sha1, sha256, md5, firstSeen } = file;
  return [path, `${size}`, formatGoTime(modTime), sha1, sha256, md5, `${firstSeen ?? ""}`];
}

/** A copy as the arguments of a script: path, size, modTime. */
export function copyArguments({ path, size, modTime }: ListedFile): string[] {
  return [path, `${size}`, formatGoTime(modTime)];
}

/** Reads the fields size, modTime, sha1, sha256 and md5 of `FILE_path`, which begin at an index. */
export function sourceFile(path: string, fields: readonly FieldValue[], at = 0): SourceFile {
  return {
    path,
    size: size(fields[at]),
    modTime: parseGoTime(fields[at + 1] || ""),
    sha1: fields[at + 2] || "",
    sha256: fields[at + 3] || "",
    md5: fields[at + 4] || "",
  };
}

/**
 * Reads when the version of a source file was first seen.
 *
 * @param at index of the field size; the time stands five after it
 * @returns `null` when it is unknown
 */
export function firstSeen(fields: readonly FieldValue[], at: number): number | null {
  const text = fields[at + 5];
  if (!text || !/^\d+$/.test(text)) return null;
  return Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/** Reads the fields size and modTime of `FILEINFO_id_path`, which begin at an index. */
export function listedFile(path: string, fields: readonly FieldValue[], at = 0): ListedFile {
  return { path, size: size(fields[at]), modTime: parseGoTime(fields[at + 1] || "") };
}

/**
 * Reads mirror ID, size and modTime of copies, one after the other from an index on; leaves out those
 * whose `FILEINFO_id_path` is gone.
 *
 * @returns in order of mirror ID
 */
export function fileCopies(fields: readonly FieldValue[], at = 0): FileCopy[] {
  const copies: FileCopy[] = [];
  for (let i = at; i < fields.length; i += 3) {
    if (typeof fields[i + 1] !== "string") continue;
    copies.push({
      mirrorId: Number(fields[i]),
      size: size(fields[i + 1]),
      modTime: parseGoTime(fields[i + 2] || ""),
    });
  }
  return copies.sort((a, b) => a.mirrorId - b.mirrorId);
}

/**
 * Why a file has no size, where a script says so in the place of its time.
 *
 * @param at index of its size
 * @returns `null`: it has one, or its hash is gone
 */
export function missingReason(fields: readonly FieldValue[], at: number): string | null {
  return typeof fields[at] === "string" ? null : fields[at + 1] || null;
}

function size(text: FieldValue | undefined): number {
  return typeof text === "string" ? Number(text) || 0 : SIZE_OF_MISSING;
}
