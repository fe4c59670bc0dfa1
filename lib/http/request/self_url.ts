import { encodePath } from "../../catalog/encode_path.ts";
import type { HttpConfig } from "./config.ts";
import type { HttpRequest } from "./request.ts";

/** A host that can stand in a document: a name or an address, and perhaps a port. */
const HOST = /^(?:[a-z\d.-]+|\[[a-z\d:.]+\])(?::\d{1,5})?$/i;

/**
 * Finds the base URL under which a client reached this server.
 *
 * @param config PublicURL wins over what the request says
 * @param request its Host header, and the scheme that a trusted peer names
 * @returns with a trailing slash; `null` when the host is not known, or is nothing to be passed on
 */
export function selfBase(
  { publicUrl }: Pick<HttpConfig, "publicUrl">,
  { headers, scheme }: Pick<HttpRequest, "headers" | "scheme">,
): string | null {
  if (publicUrl !== null) return publicUrl;
  const host = headers.get("host");
  if (host === null || !HOST.test(host)) return null;
  return `${scheme === "https" ? "https" : "http"}://${host}/`;
}

/**
 * Writes the URL of something that this server says about a file.
 *
 * @param base of {@linkcode selfBase}
 * @param path decoded path of the file
 * @param word of the query: `meta4`
 * @returns the URL: `https://dl.example.org/iso/demo%201.iso?meta4`
 */
export function selfUrl(base: string, path: string, word: string): string {
  return `${base}${encodePath(path).slice(1)}?${word}`;
}
