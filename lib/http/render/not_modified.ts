import type { Header } from "./headers.ts";
import { formatHttpDate, parseHttpDate } from "../request/date.ts";

/**
 * Answers a client that has the file already.
 *
 * @param server the Server header
 * @param ifModifiedSince the client's header; `null` without it
 * @param modTime the file's time in milliseconds since the epoch; `null` when unknown
 * @returns a 304; `null` when the file is newer, or one of the times is unknown
 */
export function renderNotModified(
  server: Header,
  ifModifiedSince: string | null,
  modTime: number | null,
): Response | null {
  if (ifModifiedSince === null || modTime === null) return null;
  const since = parseHttpDate(ifModifiedSince);
  // HTTP dates have whole seconds only.
  if (since === null || Math.floor(modTime / 1000) * 1000 > since) return null;
  const headers: Header[] = [server, ["Last-Modified", formatHttpDate(modTime)]];
  return new Response(null, { status: 304, headers });
}
