/** Hexadecimal digits of one code unit of a text. */
const DIGITS = 4;

/** Code units of a hash of 64 digits. */
const UNITS = 16;

const ZERO = 0x30;
const NINE = 0x39;
/** Of the digit `a`, less what it stands for. */
const LETTERS = 0x61 - 10;

/** Filled and read at once: nothing else can run meanwhile. */
const units: number[] = new Array(UNITS + 2).fill(0);

/**
 * Packs a hash and a number into one short text, which takes half of the bytes that the digits do.
 *
 * @param hash 64 hexadecimal digits, in lower case
 * @param number from 0 to 2³² − 1
 * @returns 18 code units, no two the same for different values; not for people
 */
export function packHash(hash: string, number: number): string {
  for (let unit = 0; unit < UNITS; unit++) {
    let value = 0;
    for (let i = 0; i < DIGITS; i++) {
      const code = hash.charCodeAt(unit * DIGITS + i);
      value = value << 4 | (code - (code <= NINE ? ZERO : LETTERS)) & 0xf;
    }
    units[unit] = value;
  }
  units[UNITS] = number >>> 16;
  units[UNITS + 1] = number & 0xffff;
  return String.fromCharCode(...units);
}

/** Finds the hash again that {@linkcode packHash} packed, as 64 hexadecimal digits. */
export function unpackHash(packed: string): string {
  let hash = "";
  for (let unit = 0; unit < UNITS; unit++) {
    hash += packed.charCodeAt(unit).toString(16).padStart(DIGITS, "0");
  }
  return hash;
}
