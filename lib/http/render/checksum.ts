import type { SourceFile } from "../../catalog/file.ts";
import { type Header, NO_SNIFF } from "./headers.ts";
import { renderError } from "./error.ts";

/**
 * Renders a checksum as the tools that check it read it: `<hash>  <base name>`.
 *
 * @param server the Server header
 * @param file the file; one that is not in the index has no hashes
 * @param type which hash
 * @returns the hash as plain text; 404 when it is not known
 */
export function renderChecksum(
  server: Header,
  file: SourceFile,
  type: "md5" | "sha1" | "sha256",
): Response {
  const hash = file[type];
  if (hash === "") return renderError(server, 404, "Hash type not supported");
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const headers: Header[] = [server, ["Content-Type", "text/plain; charset=UTF-8"], NO_SNIFF];
  return new Response(`${hash}  ${name}`, { headers });
}
