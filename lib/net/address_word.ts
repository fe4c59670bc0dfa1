import { parseAddress } from "./address_range.ts";

/** Bytes of an address that count: of IPv6 those that name a network. */
const MOST_BYTES = 8;

/**
 * Makes a number of an address, the same on every node and in every run: MurmurHash3_x86_32 (Austin
 * Appleby, public domain) of the 4 bytes of an IPv4 address, or of the first 8 of an IPv6 one.
 *
 * @param address text form
 * @param seed 32 bits
 * @returns 32 bits, unsigned; `null` for what is no address
 */
export function addressWord(address: string, seed: number): number | null {
  const bytes = parseAddress(address);
  return bytes === null ? null : murmurHash3(bytes.subarray(0, MOST_BYTES), seed);
}

/**
 * Computes MurmurHash3_x86_32.
 *
 * @param bytes their number is a multiple of 4
 * @param seed 32 bits
 * @returns 32 bits, unsigned
 */
export function murmurHash3(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hash = seed;
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    let block = Math.imul(view.getUint32(i, true), 0xcc9e2d51);
    block = Math.imul(block << 15 | block >>> 17, 0x1b873593);
    hash ^= block;
    hash = Math.imul(hash << 13 | hash >>> 19, 5) + 0xe6546b64;
  }
  return fmix32(hash ^ bytes.length);
}

/** The last step of MurmurHash3: each bit of the result depends on every bit of the number. */
export function fmix32(number: number): number {
  let hash = number;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}
