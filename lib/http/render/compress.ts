import { brotli, gzip } from "../../worker/late_builtins.ts";
import type { Encoding } from "../request/wishes.ts";

/** Fast, and yet smaller than gzip at its best. */
const BROTLI_QUALITY = 4;

/** Bytes from which the next lower one stands: with it, a long list takes a third of the time, and is a twentieth larger. */
const LONG = 512 * 1024;

const LONG_QUALITY = 3;

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
  if (encoding !== "br") return gzip(body);
  return brotli(body, body.length < LONG ? BROTLI_QUALITY : LONG_QUALITY);
}
