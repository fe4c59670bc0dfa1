/** Shortest and longest piece, in bytes. */
const SHORTEST = 256 * 1024;
const LONGEST = 16 * 1024 * 1024;

/** Pieces of a file at most, as long as they may grow. */
const MOST = 2048;

/**
 * Finds the length of the pieces of a file. It is part of the info hash of torrents, so that another one
 * would split those who share the file: it must never change.
 *
 * @param size bytes of the file
 * @returns a power of two from 256 KiB to 16 MiB, the smallest that makes at most 2048 pieces
 */
export function pieceLength(size: number): number {
  let length = SHORTEST;
  while (length < LONGEST && size > length * MOST) length *= 2;
  return length;
}
