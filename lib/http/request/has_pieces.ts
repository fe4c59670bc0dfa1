import type { SourceFile } from "../../catalog/file.ts";
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
