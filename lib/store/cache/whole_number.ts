/** Most bytes of a whole number up to 2^53. */
export const LONGEST_NUMBER = 8;

/**
 * Writes a whole number of 0 or more: seven bits a byte, the lowest first; no bit operators, for IDs may
 * have more than 32 bits.
 *
 * @returns where what follows goes
 */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  while (value >= 128) {
    bytes[at++] = value % 128 + 128;
    value = Math.floor(value / 128);
  }
  bytes[at++] = value;
  return at;
}

/** Reads what {@linkcode writeNumber} wrote, one number after the other. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  /** Where the next number begins. */
  at = 0;

  /** @param bytes in which the numbers stand */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a number. @throws RangeError when there is none, or one that was not written so */
  next(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < LONGEST_NUMBER; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
      unit *= 128;
    }
    throw new RangeError("A packed file is broken");
  }
}
