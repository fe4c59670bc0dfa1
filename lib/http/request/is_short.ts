/** Bytes up to which a directory is short: some 50 000 names. */
const SHORT = 4 * 1024 * 1024;

/** Bytes of what {@linkcode Deno.FileInfo.blocks} counts. */
const BLOCK = 512;

/** Bytes that a directory grows by, where its size is that of its names on the disk. */
const STEP = 4096;

/**
 * Whether a directory is known to have few names. Its size tells that only where it is what the names take on the
 * disk, as with ext4 and XFS: with ZFS it is their number, with btrfs there are no blocks, and others make it up.
 *
 * @param info of the directory
 * @returns `false` also where nobody can tell
 */
export function isShort({ size, blocks }: Pick<Deno.FileInfo, "blocks" | "size">): boolean {
  return size > 0 && size <= SHORT && size % STEP === 0 && (blocks ?? 0) * BLOCK >= size;
}
