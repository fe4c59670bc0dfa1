/** A part of a file. */
export interface ByteRange {
  /** The first byte, from 0 on. */
  readonly start: number;
  /** How many bytes, at least one. */
  readonly length: number;
}

/**
 * Reads which part of a file is asked for (RFC 9110 §14.2). Several parts, or what cannot be read, stand for
 * the whole file, which a server may always send.
 *
 * @param header Range of a GET; `null` without it
 * @param size bytes of the file
 * @returns the part; `null`: the whole file; `unsatisfiable`: it has no such part
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readByteRange("bytes=-5", 12), { start: 7, length: 5 });
 * assertEquals(readByteRange("bytes=12-", 12), "unsatisfiable");
 * assertEquals(readByteRange("bytes=0-1,4-5", 12), null);
 * ```
 */
export function readByteRange(
  header: string | null,
  size: number,
): ByteRange | null | "unsatisfiable" {
  const [, first, last] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return null;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, length };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return null;
  return start >= size ? "unsatisfiable" : { start, length: end - start + 1 };
}
