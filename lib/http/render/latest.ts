import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "./answer.ts";
import { safeHeader } from "./headers.ts";

/**
 * Sends a client from a path that stands for the newest version to that one, on the same host.
 *
 * @param path decoded path of the newest version
 * @param query as received, without the question mark
 */
export function renderLatest(path: string, query: string): Answer {
  // A clean path has one slash in front, and an encoded one no backslash: it cannot name a host.
  const location = encodePath(path) + (query === "" ? "" : `?${safeHeader(query)}`);
  return {
    status: 302,
    headers: [["Cache-Control", "max-age=60"], ["Location", location]],
    body: null,
    tagged: false,
    compressible: false,
  };
}
