import { cleanPath, isClean } from "../../catalog/clean_path.ts";
import { decodeBytes } from "../../catalog/odd_bytes.ts";

/** The parts of a request's URL, as received. */
export interface RequestTarget {
  /** Still percent-encoded, with a leading slash. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/**
 * Cuts a request's URL into path and query. Parsing it as a URL object would cost more than the rest
 * of the request, and would clean the path before anyone can see that it was not clean.
 *
 * @param url absolute URL; the host is ignored
 * @returns its path and its query
 */
export function splitTarget(url: string): RequestTarget {
  const scheme = url.indexOf("://");
  const start = url.indexOf("/", scheme < 0 ? 0 : scheme + 3);
  if (start < 0) return { path: "/", query: "" };
  const question = url.indexOf("?", start);
  return question < 0
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, question), query: url.slice(question + 1) };
}

/** A name, or an address, and perhaps a port. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/**
 * Whether a Host header names a host (RFC 9112 §3.2): the runtime makes the URL of a request from it, so
 * that anything else would change which file is asked for.
 *
 * @param header as received
 */
export function isHost(header: string): boolean {
  return HOST.test(header);
}

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
