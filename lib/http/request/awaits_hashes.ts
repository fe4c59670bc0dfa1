import type { SourceFile } from "../../catalog/file.ts";
import { hasRevisions } from "../../catalog/file_revision.ts";
import type { HttpConfig } from "./config.ts";

/**
 * Whether what describes a file waits for its hashes: size and time of a new version are known first. Of what
 * has former versions it is decided with those.
 */
export function awaitsHashes(
  { hashes }: Pick<HttpConfig, "hashes">,
  { path, sha256, sha1, md5 }: Pick<SourceFile, "path" | "sha256" | "sha1" | "md5">,
): boolean {
  return sha256 + sha1 + md5 === "" && (hashes.sha256 || hashes.sha1 || hashes.md5) &&
    !hasRevisions(path);
}
