import type { SourceFile } from "../../catalog/file.ts";
import type { Answer } from "./answer.ts";
import { renderError } from "./error.ts";
import { NO_CACHE, NO_SNIFF } from "./headers.ts";

/**
 * Renders a checksum as the tools that check it read it: `<hash>  <base name>`.
 *
 * @param file the file; one that is not in the index has no hashes
 * @param type which hash
 * @returns the hash as plain text; 404 when it is not known
 */
export function renderChecksum(file: SourceFile, type: "md5" | "sha1" | "sha256"): Answer {
  const hash = file[type];
  if (hash === "") return renderError(404, "Hash type not supported");
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  return {
    status: 200,
    headers: [["Content-Type", "text/plain; charset=UTF-8"], NO_CACHE, NO_SNIFF],
    body: `${hash}  ${name}`,
    tagged: false,
    compressible: true,
  };
}
