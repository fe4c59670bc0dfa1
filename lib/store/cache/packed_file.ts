import type { FileCopy, IndexedFile, SourceFile } from "../../catalog/file.ts";

/** Size and time of the source's file or of copies. */
type Stamp = Pick<FileCopy, "size" | "modTime">;

/** Bytes of a stamp: two doubles. */
const STAMP_SIZE = 16;

/** Most bytes of a whole number. */
const LONGEST_NUMBER = 8;

/** Whole numbers besides those of the copies. */
const HEAD_NUMBERS = 6;

/** Stamps among which one for a copy is looked for; copies of a file hardly ever have more. */
const COMPARED_STAMPS = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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
  const view = new DataView(bytes.buffer);
  for (const { size, modTime } of stamps) {
    view.setFloat64(at, size);
    view.setFloat64(at + 8, modTime ?? NaN);
    at += STAMP_SIZE;
  }
  for (let i = 0; i < copies.length; i++) {
    at = writeNumber(bytes, at, copies[i]!.mirrorId);
    at = writeNumber(bytes, at, stampOf[i]!);
  }
  return bytes.subarray(0, at);
}

/**
 * Undoes {@linkcode packFile}. The copies stay packed, and are unpacked each time that they are asked
 * for: whoever decides something about a file looks at them once.
 *
 * @param path the file's path
 * @param bytes what was packed; it is not needed afterwards
 * @returns an object with the same file and copies, which other threads must be sent by themselves
 */
export function unpackFile(path: string, bytes: Uint8Array): IndexedFile {
  return new UnpackedFile(path, bytes.slice());
}

/** A file that has its copies packed. */
class UnpackedFile implements IndexedFile {
  readonly file: SourceFile;
  readonly #bytes: Uint8Array;
  /** Where the stamps begin. */
  readonly #stamps: number;
  readonly #stampCount: number;
  readonly #copyCount: number;

  constructor(path: string, bytes: Uint8Array) {
    const reader = new NumberReader(bytes);
    const sha1 = reader.next();
    const sha256 = sha1 + reader.next();
    const md5 = sha256 + reader.next();
    const encoded = reader.next();
    this.#bytes = bytes;
    this.#stampCount = reader.next();
    this.#copyCount = reader.next();
    this.#stamps = reader.at + encoded;
    const text = encoded === 0 ? "" : decoder.decode(bytes.subarray(reader.at, this.#stamps));
    const { size, modTime } = readStamps(bytes, this.#stamps, 1)[0]!;
    this.file = {
      path,
      size,
      modTime,
      sha1: text.slice(0, sha1),
      sha256: text.slice(sha1, sha256),
      md5: text.slice(sha256, md5),
    };
  }

  get copies(): readonly FileCopy[] {
    const stamps = readStamps(this.#bytes, this.#stamps, this.#stampCount);
    const reader = new NumberReader(this.#bytes);
    reader.at = this.#stamps + STAMP_SIZE * this.#stampCount;
    const copies: FileCopy[] = [];
    for (let i = 0; i < this.#copyCount; i++) {
      const mirrorId = reader.next();
      const { size, modTime } = stamps[reader.next()]!;
      copies.push({ mirrorId, size, modTime });
    }
    return copies;
  }
}

function indexOfStamp(stamps: Stamp[], { size, modTime }: Stamp): number {
  const compared = Math.min(stamps.length, COMPARED_STAMPS);
  for (let i = 0; i < compared; i++) {
    if (stamps[i]!.size === size && stamps[i]!.modTime === modTime) return i;
  }
  return stamps.push({ size, modTime }) - 1;
}

function readStamps(bytes: Uint8Array, start: number, count: number): Stamp[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, STAMP_SIZE * count);
  const stamps: Stamp[] = [];
  for (let at = 0; at < view.byteLength; at += STAMP_SIZE) {
    const modTime = view.getFloat64(at + 8);
    stamps.push({ size: view.getFloat64(at), modTime: Number.isNaN(modTime) ? null : modTime });
  }
  return stamps;
}

/** Seven bits a byte, the lowest first; no bit operators, for IDs may have more than 32 bits. */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  while (value >= 128) {
    bytes[at++] = value % 128 + 128;
    value = Math.floor(value / 128);
  }
  bytes[at++] = value;
  return at;
}

/** Reads what {@linkcode writeNumber} wrote, one number after the other. */
class NumberReader {
  readonly #bytes: Uint8Array;
  /** Where the next number begins. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): number {
    let value = 0;
    for (let unit = 1;; unit *= 128) {
      const byte = this.#bytes[this.at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
  }
}
