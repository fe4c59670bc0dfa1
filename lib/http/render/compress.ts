import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Encoding } from "../request/wishes.ts";

/** Fast, and yet smaller than gzip at its best. */
const BROTLI_OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * Compresses an answer.
 *
 * @param body what to compress
 * @param encoding how
 * @returns the compressed bytes
 */
export function compress(
  body: Uint8Array<ArrayBuffer>,
  encoding: Encoding,
): Uint8Array<ArrayBuffer> {
  const bytes = encoding === "br" ? brotliCompressSync(body, BROTLI_OPTIONS) : gzipSync(body);
  return new Uint8Array(bytes);
}
