import { encodePath } from "../../catalog/encode_path.ts";
import { escapeHtml } from "./escape_html.ts";
import type { Header } from "./headers.ts";
import { safeHeader } from "./safe_header.ts";

/**
 * Sends a client to the clean form of the path it asked for, on the same host.
 *
 * @param server the Server header
 * @param path decoded, clean path
 * @param query the query as received, without the question mark
 * @returns a 301
 */
export function renderMoved(server: Header, path: string, query: string): Response {
  // A clean path has one slash in front, and an encoded one no backslash: it cannot name a host.
  const location = encodePath(path) + (query === "" ? "" : `?${safeHeader(query)}`);
  const headers: Header[] = [
    server,
    ["Content-Type", "text/html; charset=utf-8"],
    ["Location", location],
  ];
  const body = `<a href="${escapeHtml(location)}">Moved Permanently</a>.\n\n`;
  return new Response(body, { status: 301, headers });
}
