import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "./answer.ts";
import { NO_CACHE, safeHeader } from "./headers.ts";
import { markup } from "./html.ts";

/**
 * Sends a client to the clean form of the path it asked for, on the same host.
 *
 * @param path decoded, clean path
 * @param query the query as received, without the question mark
 * @returns a 301
 */
export function renderMoved(path: string, query: string): Answer {
  // A clean path has one slash in front, and an encoded one no backslash: it cannot name a host.
  const location = encodePath(path) + (query === "" ? "" : `?${safeHeader(query)}`);
  return {
    status: 301,
    headers: [["Content-Type", "text/html; charset=utf-8"], NO_CACHE, ["Location", location]],
    body: markup`<a href="${location}">Moved Permanently</a>.\n\n`.toString(),
    tagged: false,
    compressible: true,
  };
}
