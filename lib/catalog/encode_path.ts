import { hasOddBytes, writeOddBytes } from "./odd_bytes.ts";

/** Everything but slashes and what RFC 3986 §3.3 allows in a path segment as it is. */
const NEEDS_ENCODING = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/;

/**
 * Percent-encodes a path, so that it stands for the same file in a URL for every client. Characters
 * that a path may hold stay as they are (RFC 3986 §3.3: unreserved, sub-delims, `:` and `@`); all
 * others, `%`, `?` and `#` among them, become their UTF-8 bytes. Odd bytes are written as they are; any
 * other lone surrogate, which has no UTF-8 form, becomes that of U+FFFD.
 *
 * @param path decoded path
 * @returns the encoded path; the same string when nothing had to be encoded
 */
export function encodePath(path: string): string {
  if (!NEEDS_ENCODING.test(path)) return path;
  return hasOddBytes(path) ? writeOddBytes(path, encodeText, encodeByte) : encodeText(path);
}

function encodeText(text: string): string {
  // encodeURI leaves exactly two characters that would end the path.
  return encodeURI(text.toWellFormed()).replaceAll("?", "%3F").replaceAll("#", "%23");
}

function encodeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase()}`;
}
