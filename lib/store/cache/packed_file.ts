import type { IndexedFile } from "../../catalog/file.ts";
import { type Stamp, STAMP_SIZE, writeStamps } from "./stamps.ts";
import { LONGEST_NUMBER, writeNumber } from "./whole_number.ts";

/** Whole numbers besides those of the copies. */
const HEAD_NUMBERS = 6;

/** Stamps among which one for a copy is looked for; copies of a file hardly ever have more. */
const COMPARED_STAMPS = 16;

const encoder = new TextEncoder();

/**
 * Packs what is known of a file into few bytes: some 70 with SHA-256, and two for each copy more if it
 * has the size and time of the source's file or of another copy (16 more if not, three or more for
 * mirror IDs above 127).
 *
 * The bytes are the lengths of the hashes and their text, the stamps (pairs of size and time, the
 * source's first), and for each copy its mirror's ID and which stamp it has. The path is left out:
 * whoever finds the bytes knows it.
 *
 * @param indexed mirror IDs are whole numbers, 0 or more; times are not NaN
 * @returns a view of a buffer of its own
 */
export function packFile({ file, copies }: IndexedFile): Uint8Array {
  const text = file.sha1 + file.sha256 + file.md5;
  const bytes = new Uint8Array(
    LONGEST_NUMBER * HEAD_NUMBERS + 3 * text.length + STAMP_SIZE +
      (2 * LONGEST_NUMBER + STAMP_SIZE) * copies.length,
  );
  const encoded = encoder.encode(text);
  const stamps: Stamp[] = [file];
  const stampOf = copies.map((copy) => indexOfStamp(stamps, copy));
  let at = 0;
  for (const { length } of [file.sha1, file.sha256, file.md5, encoded, stamps, copies]) {
    at = writeNumber(bytes, at, length);
  }
  bytes.set(encoded, at);
  at += encoded.length;
  at = writeStamps(bytes, at, stamps);
  for (let i = 0; i < copies.length; i++) {
    at = writeNumber(bytes, at, copies[i]!.mirrorId);
    at = writeNumber(bytes, at, stampOf[i]!);
  }
  return bytes.subarray(0, at);
}

function indexOfStamp(stamps: Stamp[], { size, modTime }: Stamp): number {
  const compared = Math.min(stamps.length, COMPARED_STAMPS);
  for (let i = 0; i < compared; i++) {
    if (stamps[i]!.size === size && stamps[i]!.modTime === modTime) return i;
  }
  return stamps.push({ size, modTime }) - 1;
}
