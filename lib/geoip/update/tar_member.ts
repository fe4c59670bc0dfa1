import { GeoDatabaseError } from "../geo_database_error.ts";
import type { ChunkReader } from "./chunk_reader.ts";

/** Bytes of a block; an entry is a header of one block and its contents in whole ones. */
const BLOCK = 512;

/** Entries before the wanted one, at most. */
const MOST_ENTRIES = 1000;

/**
 * Reads the first file of a tar archive whose name ends in a wanted way (POSIX.1-1988 ustar, and what
 * pax and GNU tar make of it), and all that comes after, so that nothing of the stream is left.
 *
 * @throws GeoDatabaseError when there is none, or the archive is broken
 */
export async function* tarMember(
  archive: ChunkReader,
  ending: string,
): AsyncGenerator<Uint8Array> {
  for (let entry = 0; entry < MOST_ENTRIES; entry++) {
    const header = await archive.take(BLOCK);
    if (header.length < BLOCK || header.every((byte) => byte === 0)) break;
    const { name, type, size } = readHeader(header);
    const padding = (BLOCK - size % BLOCK) % BLOCK;
    if (type === "file" && name.endsWith(ending)) {
      yield* archive.pieces(size);
      for await (const _rest of archive.all());
      return;
    }
    for await (const _skipped of archive.pieces(size + padding));
  }
  throw new GeoDatabaseError(`the archive that was sent has no file "*${ending}"`);
}

interface TarHeader {
  readonly name: string;
  readonly type: "file" | "other";
  /** Bytes of the contents. */
  readonly size: number;
}

function readHeader(header: Uint8Array): TarHeader {
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(header.subarray(start, start + length)).replace(/\0.*$/s, "");
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const size = octal(text(124, 12));
  if (octal(text(148, 8)) !== sum || size === null) {
    throw new GeoDatabaseError("the archive that was sent is broken");
  }
  const flag = String.fromCharCode(header[156]!);
  return { name: text(0, 100), type: flag === "0" || flag === "\0" ? "file" : "other", size };
}

/** @returns `null`: it is no number */
function octal(text: string): number | null {
  const digits = text.trim();
  return /^[0-7]{1,11}$/.test(digits) ? parseInt(digits, 8) : null;
}
