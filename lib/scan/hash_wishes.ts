import type { Config } from "../config/config.ts";

/** Which hashes a file is read for: of the whole file, and of its pieces. */
export type HashWishes = Config["hashes"] & {
  /** `null`, the default: none of pieces. */
  readonly pieces?: PieceWishes | null;
};

/** Which files get hashes of their pieces, and which. */
export interface PieceWishes {
  /** Bytes that a file has at least, above 0. */
  readonly minSize: number;
  /** Whether the tree of BEP 52 is computed, too. */
  readonly hybrid: boolean;
  /** Whether what zsync needs is computed, too; default false. */
  readonly zsync?: boolean;
}

/**
 * Finds out which hashes the configuration asks for.
 *
 * @param config what is served
 * @returns what files are read for
 */
export function hashWishes(
  config: Pick<
    Config,
    | "hashes"
    | "metalink"
    | "pieceHashes"
    | "pieceHashMinSize"
    | "torrents"
    | "torrentVersion"
    | "zsync"
  >,
): HashWishes {
  const { hashes, metalink, pieceHashes, pieceHashMinSize, torrents, torrentVersion, zsync } =
    config;
  const hybrid = torrents && torrentVersion === "hybrid";
  const pieces = torrents || zsync || metalink && pieceHashes
    ? { minSize: pieceHashMinSize * 1024 * 1024, hybrid, zsync }
    : null;
  return { ...hashes, pieces };
}
