import type { FileCopy } from "../../catalog/file.ts";

/** Size and time of the source's file or of copies. */
export type Stamp = Pick<FileCopy, "size" | "modTime">;

/** Bytes of a stamp: two doubles. */
export const STAMP_SIZE = 16;

/**
 * Writes stamps one after the other; a time that is unknown as NaN.
 *
 * @param bytes a view of a whole buffer
 * @returns where what follows goes
 */
export function writeStamps(bytes: Uint8Array, start: number, stamps: readonly Stamp[]): number {
  const view = new DataView(bytes.buffer);
  let at = start;
  for (const { size, modTime } of stamps) {
    view.setFloat64(at, size);
    view.setFloat64(at + 8, modTime ?? NaN);
    at += STAMP_SIZE;
  }
  return at;
}

/** Reads so many stamps from a place on. */
export function readStamps(bytes: Uint8Array, start: number, count: number): Stamp[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, STAMP_SIZE * count);
  const stamps: Stamp[] = [];
  for (let at = 0; at < view.byteLength; at += STAMP_SIZE) {
    const modTime = view.getFloat64(at + 8);
    stamps.push({ size: view.getFloat64(at), modTime: Number.isNaN(modTime) ? null : modTime });
  }
  return stamps;
}
