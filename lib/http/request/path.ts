import { cleanPath, isClean } from "../../catalog/clean_path.ts";
import { decodeBytes } from "../../catalog/odd_bytes.ts";

/** What the path of a request turned out to be. */
export type RequestPath =
  /** Decoded and clean, without a trailing slash; whether it had one, as those of directories do. */
  | { readonly type: "path"; readonly path: string; readonly slash: boolean }
  /** Such a path whose bytes are not all UTF-8; odd bytes stand in it as lone surrogates. */
  | { readonly type: "bytes"; readonly path: string; readonly slash: boolean }
  /** Decoded; names the same place as the requested one, which was not clean. */
  | { readonly type: "moved"; readonly path: string }
  /** Broken percent-encoding. */
  | { readonly type: "malformed" }
  /** Something that cannot be the name of a file. */
  | { readonly type: "impossible" };

/** What a decoded, clean path does not have: most paths need no more than this one look. */
const DOUBTFUL = /[%\0\ud800-\udfff]|\/(?:[./]|$)/;

const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Decodes the path of a request once and checks that it is clean. A single slash after a file's name
 * is taken off.
 *
 * @param raw path as received, with a leading slash
 * @returns the path, or why there is none
 */
export function readPath(raw: string): RequestPath {
  if (raw.startsWith("/") && !DOUBTFUL.test(raw)) return { type: "path", path: raw, slash: false };
  if (!raw.isWellFormed()) return { type: "impossible" };
  let path = raw;
  if (raw.includes("%")) {
    if (BROKEN_ESCAPE.test(raw)) return { type: "malformed" };
    try {
      path = decodeURIComponent(raw);
    } catch {
      path = decodeBytes(raw);
    }
  }
  if (path.includes("\0")) return { type: "impossible" };
  const slash = /[^/]\/$/.test(path);
  const named = slash ? path.slice(0, -1) : path;
  return isClean(named)
    ? { type: path.isWellFormed() ? "path" : "bytes", path: named, slash }
    : { type: "moved", path: cleanPath(named) };
}
