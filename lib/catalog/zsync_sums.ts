import type { PieceHashes } from "./piece_hashes.ts";

/** Shortest and longest block, in bytes, and how many blocks a file has as long as they may grow. */
const SHORTEST = 2048;
const LONGEST = 64 * 1024;
const MOST = 262_144;

/** Bytes of what is told of a block: the rolling sum, and MD4. */
export const ZSYNC_RECORD = 20;

/** Bytes of a part in which the sums are stored and sent; the last one may be shorter. */
export const ZSYNC_PART = 256 * 1024;

/** Largest file that gets sums, in bytes: 128 GiB, with 40 MiB of them. */
export const ZSYNC_LARGEST = 128 * 1024 ** 3;

/** What a client compares its old copy of a file with, block by block. */
export interface ZsyncSums {
  /** Bytes of a block, see {@linkcode zsyncBlock}. */
  readonly block: number;
  /** SHA-1 of the whole file, in lower-case hexadecimal. */
  readonly sha1: string;
  /** Two sums of 16 bits and the MD4 of each block, one after the other, 20 bytes each. */
  readonly sums: Uint8Array<ArrayBuffer>;
}

/** All that is known of one version of a file but the sums themselves, which may be many. */
export interface ZsyncHead
  extends
    Pick<PieceHashes, "path" | "size" | "modTime" | "sha256">,
    Pick<ZsyncSums, "block" | "sha1"> {}

/** The hashes of the pieces of a file, with what zsync needs. */
export interface PieceRecord extends PieceHashes {
  /** `null`: not computed. */
  readonly zsync: ZsyncSums | null;
}

/**
 * Finds the length of the blocks of a file for zsync.
 *
 * @param size bytes of the file
 * @returns a power of two from 2 KiB to 64 KiB, the smallest that makes at most 262 144 blocks
 */
export function zsyncBlock(size: number): number {
  let block = SHORTEST;
  while (block < LONGEST && size > block * MOST) block *= 2;
  return block;
}

/**
 * Counts the bytes of the sums of a file.
 *
 * @param head size and block
 */
export function zsyncLength({ size, block }: Pick<ZsyncHead, "size" | "block">): number {
  return ZSYNC_RECORD * Math.ceil(size / block);
}
