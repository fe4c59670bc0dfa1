import type { SourceFile } from "../../catalog/file.ts";
import { hasRevisions } from "../../catalog/file_revision.ts";
import type { HttpConfig } from "./config.ts";

/**
 * Whether a file is large enough for hashes of its pieces.
 *
 * @param config PieceHashMinSize, in MiB
 * @param file as in the index
 */
export function hasPieces(
  { pieceHashMinSize }: Pick<HttpConfig, "pieceHashMinSize">,
  { size }: Pick<SourceFile, "size">,
): boolean {
  return size >= pieceHashMinSize * 1024 * 1024;
}

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
