import { ifNoneMatch } from "@std/http/etag";
import { parseHttpDate } from "./date.ts";
import { fileTag, type TaggedFile } from "./file_tag.ts";

/**
 * Finds out what becomes of a request for a file that is served from here, by the conditions that it makes
 * (RFC 9110 §13.2.2).
 *
 * @param headers of a GET or HEAD
 * @param file as it is now
 * @returns `failed`: a 412; `not_modified`: a 304
 */
export function judgeConditions(
  headers: Headers,
  file: TaggedFile,
): "send" | "not_modified" | "failed" {
  const tag = fileTag(file);
  const since = file.modTime === null ? null : Math.floor(file.modTime / 1000) * 1000;
  const ifMatch = headers.get("if-match");
  const unmodified = headers.get("if-unmodified-since");
  if (ifMatch !== null) {
    if (!matches(ifMatch, tag)) return "failed";
  } else if (unmodified !== null) {
    const time = parseHttpDate(unmodified);
    if (time !== null && since !== null && since > time) return "failed";
  }
  const noneMatch = headers.get("if-none-match");
  // Whoever names tags is not asked for the time.
  if (noneMatch !== null) {
    const fresh = ifNoneMatch(noneMatch, tag ?? NO_TAG);
    return fresh ? "send" : "not_modified";
  }
  const modified = headers.get("if-modified-since");
  const time = modified === null ? null : parseHttpDate(modified);
  return time !== null && since !== null && since <= time ? "not_modified" : "send";
}

/**
 * Whether a part may be sent, and not the whole: the client has the same version of the rest (RFC 9110
 * §13.1.5).
 *
 * @param header If-Range; `null` without it
 * @param file as it is now
 */
export function isSameVersion(header: string | null, file: TaggedFile): boolean {
  if (header === null) return true;
  if (/^(W\/)?"/.test(header)) return header.trim() === fileTag(file);
  const time = parseHttpDate(header.trim());
  return time !== null && file.modTime !== null &&
    Math.floor(file.modTime / 1000) * 1000 === time;
}

/** Is no client's tag. */
const NO_TAG = '""';

/** Strong comparison: a weak tag is no match. */
function matches(header: string, tag: string | null): boolean {
  if (header.trim() === "*") return true;
  return tag !== null && header.split(",").some((one) => one.trim() === tag);
}
