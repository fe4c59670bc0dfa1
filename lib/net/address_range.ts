/** IPv4 addresses written as IPv6 begin with these bytes: `::ffff:0:0/96`, RFC 4291 §2.5.5.2. */
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Addresses longer than this cannot be valid; the zone is not counted. */
const LONGEST_ADDRESS = 45;

/**
 * Reads an IP address. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address, and
 * the zone of an IPv6 address (`fe80::1%eth0`) is ignored.
 *
 * @param text without brackets and port
 * @returns 4 or 16 bytes in network order, `null` when it is no address
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("::ffff:192.0.2.1"), Uint8Array.of(192, 0, 2, 1));
 * assertEquals(parseAddress("192.0.2.256"), null);
 * ```
 */
export function parseAddress(text: string): Uint8Array | null {
  if (!text.includes(":")) return text.length <= LONGEST_ADDRESS ? parseV4(text) : null;
  const zone = text.indexOf("%");
  if (zone === text.length - 1) return null;
  const bytes = parseV6(zone < 0 ? text : text.slice(0, zone));
  return bytes && isMapped(bytes) ? bytes.slice(12) : bytes;
}

function isMapped(bytes: Uint8Array): boolean {
  return MAPPED_PREFIX.every((byte, index) => bytes[index] === byte);
}

function parseV4(text: string): Uint8Array | null {
  const bytes = new Uint8Array(4);
  let index = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (value < 0 || index === 3) return null;
      bytes[index++] = value;
      value = -1;
      continue;
    }
    // "01" is octal to some readers and decimal to others, so it is nothing here.
    if (code < 0x30 || code > 0x39 || value === 0) return null;
    value = (value < 0 ? 0 : value * 10) + code - 0x30;
    if (value > 255) return null;
  }
  if (index !== 3 || value < 0) return null;
  bytes[3] = value;
  return bytes;
}

function parseV6(text: string): Uint8Array | null {
  if (text.length > LONGEST_ADDRESS) return null;
  const gap = text.indexOf("::");
  const head = parseGroups(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : parseGroups(text.slice(gap + 2), true);
  if (!head || !tail) return null;
  const length = head.length + tail.length;
  // "::" stands for one group of zeros at least.
  if (gap < 0 ? length !== 16 : length > 14) return null;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** Reads groups of hexadecimal digits, at the end perhaps an IPv4 address. */
function parseGroups(text: string, atEnd: boolean): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (atEnd && index === groups.length - 1 && group.includes(".")) {
      const v4 = parseV4(group);
      if (!v4) return null;
      bytes.push(...v4);
      continue;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
    const value = parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

/** A block of addresses with a common prefix. */
export interface AddressRange {
  /** 4 or 16 bytes in network order. */
  readonly bytes: Uint8Array;
  /** How many leading bits count, 0 to 32 or 128. */
  readonly prefixLength: number;
}

/**
 * Reads a block in CIDR notation (RFC 4632 §3.1), or a single address.
 *
 * @returns `null` when it is neither, or the prefix is longer than the address
 */
export function parseAddressRange(text: string): AddressRange | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = address.includes("%") ? null : parseAddress(address);
  if (!bytes) return null;
  const bits = bytes.length * 8;
  if (slash < 0) return { bytes, prefixLength: bits };
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits)) return null;
  // The prefix of an IPv4 block that was written as IPv6 counts from the start of the IPv6 address.
  const prefixLength = Number(digits) - (bits === 32 && address.includes(":") ? 96 : 0);
  return prefixLength < 0 || prefixLength > bits ? null : { bytes, prefixLength };
}

/** A set of blocks that answers quickly whether an address lies in one of them. */
export class AddressRangeList {
  readonly #ranges: readonly AddressRange[];
  #lastAddress = "";
  #lastAnswer = false;

  /**
   * Makes a set.
   *
   * @param ranges in CIDR notation, or single addresses
   * @throws TypeError when one of them is neither
   */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges.map((text) => {
      const range = parseAddressRange(text);
      if (!range) throw new TypeError(`Not an address or a range of addresses: "${text}"`);
      return range;
    });
  }

  /**
   * Whether an address lies in one of the blocks.
   *
   * @param address text form, without brackets and port; what is no address lies in none
   */
  contains(address: string): boolean {
    // Those who ask are few: the proxies in front of the server, over and over.
    if (address === this.#lastAddress) return this.#lastAnswer;
    const bytes = parseAddress(address);
    const answer = bytes !== null && this.#ranges.some((range) => lies(bytes, range));
    this.#lastAddress = address;
    this.#lastAnswer = answer;
    return answer;
  }
}

function lies(address: Uint8Array, { bytes, prefixLength }: AddressRange): boolean {
  if (address.length !== bytes.length) return false;
  const whole = prefixLength >> 3;
  for (let i = 0; i < whole; i++) {
    if (address[i] !== bytes[i]) return false;
  }
  const rest = prefixLength & 7;
  return rest === 0 || ((address[whole]! ^ bytes[whole]!) >> (8 - rest)) === 0;
}
