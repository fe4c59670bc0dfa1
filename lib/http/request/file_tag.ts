/** What a tag is made of. */
export interface TaggedFile {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; `null`: not known. */
  readonly modTime: number | null;
}

/**
 * Makes the entity tag of a version of a file: the one that nginx computes for a copy with that size and
 * time, so that a download goes on elsewhere where it was broken off.
 *
 * @returns a strong tag; `null` when the time is not known
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fileTag({ size: 700_123, modTime: 0x69298ec0 * 1000 }), '"69298ec0-aaedb"');
 * ```
 */
export function fileTag({ size, modTime }: TaggedFile): string | null {
  if (modTime === null) return null;
  return `"${Math.floor(modTime / 1000).toString(16)}-${size.toString(16)}"`;
}
