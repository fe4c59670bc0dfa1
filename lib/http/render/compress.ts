import { brotli, gzip } from "../../worker/late_builtins.ts";
import type { Encoding } from "../request/wishes.ts";

/** Fast, and yet smaller than gzip at its best. */
const BROTLI_QUALITY = 4;

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
  return encoding === "br" ? brotli(body, BROTLI_QUALITY) : gzip(body);
}
