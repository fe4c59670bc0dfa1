import { GeoDatabaseError } from "./geo_database_error.ts";

/** Values nested deeper than this do not occur. */
const DEEPEST_LEVEL = 64;

/** Data types of the MaxMind DB format 2.0, by their number, that the checker must tell apart. */
const POINTER = 1;
const STRING = 2;
const MAP = 7;
const ARRAY = 11;

/** How many bytes a value of each other type may have. */
const SIZES: ReadonlyMap<number, readonly [least: number, most: number]> = new Map([
  [3, [8, 8]], // double
  [4, [0, Infinity]], // bytes
  [5, [0, 2]], // uint16
  [6, [0, 4]], // uint32
  [8, [0, 4]], // int32
  [9, [0, 8]], // uint64
  [10, [0, 16]], // uint128
  [14, [0, 1]], // boolean: the size is the value
  [15, [4, 4]], // float
]);

/** A control byte, taken apart. */
interface Head {
  readonly type: number;
  /** Bytes, or entries of a map or an array; of a pointer, the control byte itself. */
  readonly size: number;
  /** Where the payload begins. */
  readonly payload: number;
}

/**
 * Checks that values of a MaxMind DB file are well formed, more strictly than a reader does: one that
 * trusts the sizes of a broken file makes up coordinates.
 */
export class MmdbChecker {
  /** Offset of a value → whether it was checked to its end. */
  readonly #known = new Map<number, boolean>();

  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  /**
   * Makes a checker for one section of a file.
   *
   * @param bytes the file
   * @param start where the section begins; pointers count from here
   * @param end where it ends
   */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  /**
   * Checks a value and everything that it consists of.
   *
   * @param offset where the value begins
   * @throws GeoDatabaseError
   */
  check(offset: number): void {
    this.#target(offset, 0);
  }

  /** Checks a value that a record or a pointer leads to: once, however many do. */
  #target(offset: number, level: number): void {
    const whole = this.#known.get(offset);
    if (whole) return;
    if (whole === false) throw this.#error(offset, "a value that contains itself");
    if (offset < this.#start) throw this.#error(offset, "a pointer out of the data");
    this.#known.set(offset, false);
    this.#value(offset, level);
    this.#known.set(offset, true);
  }

  /** @returns where the next value begins */
  #value(offset: number, level: number): number {
    if (level > DEEPEST_LEVEL) throw this.#error(offset, "values nested too deeply");
    const { type, size, payload } = this.#head(offset);
    if (type === POINTER) {
      const next = payload + (size >> 3 & 3) + 1;
      this.#target(this.#pointer(size, payload), level + 1);
      return next;
    }
    if (type === STRING) return this.#skip(offset, payload, size);
    if (type === MAP || type === ARRAY) {
      let next = payload;
      for (let i = 0; i < size; i++) {
        if (type === MAP) {
          this.#requireString(next);
          next = this.#value(next, level + 1);
        }
        next = this.#value(next, level + 1);
      }
      return next;
    }
    const [least, most] = SIZES.get(type) ?? [1, 0];
    if (size < least || size > most) throw this.#error(offset, `type ${type} with size ${size}`);
    return this.#skip(offset, payload, type === 14 ? 0 : size);
  }

  #head(offset: number): Head {
    const control = this.#uint(offset, 1);
    let payload = offset + 1;
    let type = control >> 5;
    if (type === POINTER) return { type, size: control, payload };
    if (type === 0) type = this.#uint(payload++, 1) + 7;
    const size = control & 0x1f;
    if (size < 29) return { type, size, payload };
    const more = size - 28;
    const base = [29, 285, 65821][more - 1]!;
    return { type, size: base + this.#uint(payload, more), payload: payload + more };
  }

  #pointer(control: number, payload: number): number {
    const length = (control >> 3 & 3) + 1;
    const value = this.#uint(payload, length);
    if (length === 4) return this.#start + value;
    const base = [0, 2048, 526336][length - 1]!;
    return this.#start + base + (control & 7) * 2 ** (8 * length) + value;
  }

  #requireString(offset: number): void {
    let { type, size, payload } = this.#head(offset);
    if (type === POINTER) ({ type, size, payload } = this.#head(this.#pointer(size, payload)));
    if (type !== STRING) throw this.#error(offset, "a key that is no text");
  }

  #skip(offset: number, payload: number, size: number): number {
    if (payload + size > this.#end) throw this.#error(offset, "a value beyond the end of the data");
    return payload + size;
  }

  #uint(offset: number, length: number): number {
    if (offset + length > this.#end) {
      throw this.#error(offset, "a value beyond the end of the data");
    }
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.#bytes[offset + i]!;
    return value;
  }

  #error(offset: number, what: string): GeoDatabaseError {
    return new GeoDatabaseError(`there is ${what} at byte ${offset}`);
  }
}
