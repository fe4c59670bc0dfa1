import type { FileCopy, IndexedFile, SourceFile } from "../../catalog/file.ts";
import { readStamps, STAMP_SIZE } from "./stamps.ts";
import { NumberReader } from "./whole_number.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Undoes `packFile`. The copies stay packed, and are unpacked each time that they are asked
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
    const head = readHead(bytes);
    this.#bytes = bytes;
    this.#stamps = head.stamps;
    this.#stampCount = head.stampCount;
    this.#copyCount = head.copyCount;
    const { size, modTime } = readStamps(bytes, head.stamps, 1)[0]!;
    this.file = { path, size, modTime, ...readHashes(bytes, head) };
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

/** What the first numbers tell. */
interface Head {
  /** Characters of each hash. */
  readonly sha1: number;
  readonly sha256: number;
  readonly md5: number;
  /** Where their text begins. */
  readonly text: number;
  /** Where it ends, and the stamps begin. */
  readonly stamps: number;
  readonly stampCount: number;
  readonly copyCount: number;
}

function readHead(bytes: Uint8Array): Head {
  const reader = new NumberReader(bytes);
  const sha1 = reader.next();
  const sha256 = reader.next();
  const md5 = reader.next();
  const encoded = reader.next();
  const stampCount = reader.next();
  const copyCount = reader.next();
  const text = reader.at;
  return { sha1, sha256, md5, text, stamps: text + encoded, stampCount, copyCount };
}

function readHashes(
  bytes: Uint8Array,
  { sha1, sha256, md5, text, stamps }: Head,
): Pick<SourceFile, "sha1" | "sha256" | "md5"> {
  const hashes = text === stamps ? "" : decoder.decode(bytes.subarray(text, stamps));
  return {
    sha1: hashes.slice(0, sha1),
    sha256: hashes.slice(sha1, sha1 + sha256),
    md5: hashes.slice(sha1 + sha256, sha1 + sha256 + md5),
  };
}
