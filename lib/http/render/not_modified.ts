import { formatHttpDate } from "../request/date.ts";
import type { Answer } from "./answer.ts";
import { NOT_CACHED } from "./headers.ts";

/**
 * Answers a client that has the file already.
 *
 * @param modTime the file's time in milliseconds since the epoch
 * @returns a 304
 */
export function renderNotModified(modTime: number): Answer {
  return {
    status: 304,
    headers: [NOT_CACHED, ["Last-Modified", formatHttpDate(modTime)]],
    body: null,
    tagged: false,
    compressible: false,
  };
}
