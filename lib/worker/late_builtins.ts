import process from "node:process";
import type { BinaryLike, Cipheriv, Decipheriv, Hash, Hmac } from "node:crypto";

/**
 * Parts of Node's library that few requests need: loading one takes 25 ms of the start of each thread, so
 * it is loaded by the first call.
 *
 * @module
 */

/** See {@linkcode https://nodejs.org/api/crypto.html#cryptocreatehashalgorithm-options}. */
export function createHash(algorithm: string): Hash {
  return process.getBuiltinModule("node:crypto").createHash(algorithm);
}

/** See {@linkcode https://nodejs.org/api/crypto.html#cryptocreatehmacalgorithm-key-options}. */
export function createHmac(algorithm: string, key: BinaryLike): Hmac {
  return process.getBuiltinModule("node:crypto").createHmac(algorithm, key);
}

/** See {@linkcode https://nodejs.org/api/crypto.html#cryptocreatecipherivalgorithm-key-iv-options}. */
export function createCipheriv(algorithm: string, key: BinaryLike, iv: BinaryLike): Cipheriv {
  return process.getBuiltinModule("node:crypto").createCipheriv(algorithm, key, iv);
}

/** See {@linkcode https://nodejs.org/api/crypto.html#cryptocreatedecipherivalgorithm-key-iv-options}. */
export function createDecipheriv(algorithm: string, key: BinaryLike, iv: BinaryLike): Decipheriv {
  return process.getBuiltinModule("node:crypto").createDecipheriv(algorithm, key, iv);
}

/** Whether two digests of one length are equal; takes as long wherever they differ. */
export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  return process.getBuiltinModule("node:crypto").timingSafeEqual(one, other);
}

/** Compresses with gzip. */
export function gzip(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(process.getBuiltinModule("node:zlib").gzipSync(body));
}

/** Compresses with Brotli. @param quality 0 to 11 */
export function brotli(body: Uint8Array<ArrayBuffer>, quality: number): Uint8Array<ArrayBuffer> {
  const { brotliCompressSync, constants } = process.getBuiltinModule("node:zlib");
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return new Uint8Array(brotliCompressSync(body, { params }));
}
