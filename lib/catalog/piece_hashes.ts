import type { SourceFile } from "./file.ts";

/** Hashes of the parts of one version of a file, for metalinks and torrents. */
export interface PieceHashes {
  /** Path in the repository, as of {@linkcode SourceFile}. */
  readonly path: string;
  /** Bytes of the contents that were read, above 0. */
  readonly size: number;
  /** Modification time of what was read, in milliseconds since the epoch. */
  readonly modTime: number;
  /** SHA-256 of what was read, in lower-case hexadecimal; empty when not computed. */
  readonly sha256: string;
  /** Bytes of a piece, see `pieceLength()`; the last one may be shorter. */
  readonly length: number;
  /** SHA-1 of each piece, one after the other, 20 bytes each. */
  readonly sha1: Uint8Array<ArrayBuffer>;
  /** Root of the tree of SHA-256 over blocks of 16 KiB (BEP 52), 32 bytes; `null`: not computed. */
  readonly root: Uint8Array<ArrayBuffer> | null;
  /** The layer of the tree whose hashes cover a piece each; empty for one piece; `null`: not computed. */
  readonly layer: Uint8Array<ArrayBuffer> | null;
}

/** What tells one version of a file from another, of what is stored of its pieces. */
export interface PieceStamp extends Pick<PieceHashes, "path" | "size" | "modTime"> {
  /** Whether the tree of BEP 52 is there. */
  readonly hybrid: boolean;
  /** Whether what zsync needs is there. */
  readonly zsync: boolean;
}

/**
 * Whether hashes of pieces belong to the version of a file that the index knows.
 *
 * @param pieces what was computed
 * @param file as in the index
 */
export function areOf(
  pieces: Pick<PieceHashes, "size" | "modTime" | "sha256">,
  file: SourceFile,
): boolean {
  return pieces.size === file.size && pieces.modTime === file.modTime &&
    (pieces.sha256 === "" || file.sha256 === "" || pieces.sha256 === file.sha256);
}
