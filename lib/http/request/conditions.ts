import { parseHttpDate } from "./date.ts";

/**
 * Whether a client has a file already: it names a time that is not before the file's. One that asks for
 * a tag as well is not asked for the time (RFC 9110 §13.1.3); files have no tags here, so it is sent on.
 *
 * @param headers headers of a GET or HEAD
 * @param modTime the file's time in milliseconds since the epoch
 */
export function isNotModified(headers: Headers, modTime: number): boolean {
  // Nearly nobody does, and whether it is there is told sooner than what it says.
  if (!headers.has("if-modified-since") || headers.has("if-none-match")) return false;
  const since = parseHttpDate(headers.get("if-modified-since")!);
  // HTTP dates have whole seconds only.
  return since !== null && Math.floor(modTime / 1000) * 1000 <= since;
}
