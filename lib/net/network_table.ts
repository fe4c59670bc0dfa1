import { parseAddress, parseAddressRange } from "./address_range.ts";

/** A network of a table, with the wider ones that it lies in. */
export interface NetworkNode<T> {
  /** How many leading bits count, 0 to 32 or 128. */
  readonly prefixLength: number;
  /** What was given for this very network, in order. */
  readonly values: readonly T[];
  /** The next wider network of the table that holds this one; `null`: none. */
  readonly parent: NetworkNode<T> | null;
}

/** A network and what stands for it. */
export interface NetworkEntry<T> {
  /** In CIDR notation, or a single address. */
  readonly network: string;
  /** What stands for it. */
  readonly value: T;
}

/** A part of all addresses between two borders, in words of 32 bits, in order of address. */
interface Part<T> {
  readonly words: number;
  /** First address of each part, `words` numbers each. */
  readonly starts: Uint32Array;
  /** The narrowest network that each part lies in. */
  readonly nodes: readonly (NetworkNode<T> | null)[];
}

/**
 * Finds the narrowest network that an address lies in. Networks of one family are cut into parts that do
 * not overlap, once; a look-up is a binary search among their borders: 20 steps for 500 000 networks.
 */
export class NetworkTable<T> {
  readonly #v4: Part<T>;
  readonly #v6: Part<T>;
  /** How many different networks there are. */
  readonly size: number;

  /**
   * Makes a table.
   *
   * @param entries any number, also several for one network; IPv4 in IPv6 clothes is IPv4
   * @throws {TypeError} when a network is none
   */
  constructor(entries: readonly NetworkEntry<T>[]) {
    const ranges = new Map<string, Range<T>>();
    for (const { network, value } of entries) {
      const range = parseAddressRange(network);
      if (!range) throw new TypeError(`Not an address or a range of addresses: "${network}"`);
      const words = wordsOf(range.bytes);
      const masked = words.map((word, index) => word & maskOf(range.prefixLength - 32 * index))
        .map((word) => word >>> 0);
      const key = `${masked.join(".")}/${words.length}/${range.prefixLength}`;
      const known = ranges.get(key);
      if (known) known.values.push(value);
      else ranges.set(key, { words: masked, prefixLength: range.prefixLength, values: [value] });
    }
    this.size = ranges.size;
    const all = [...ranges.values()];
    this.#v4 = partsOf(all.filter(({ words }) => words.length === 1), 1);
    this.#v6 = partsOf(all.filter(({ words }) => words.length === 4), 4);
  }

  /**
   * Looks an address up.
   *
   * @param address text form, without brackets and port
   * @returns `null` when it lies in no network, or is no address
   */
  find(address: string): NetworkNode<T> | null {
    if (this.size === 0) return null;
    const bytes = parseAddress(address);
    return bytes === null ? null : this.findBytes(bytes);
  }

  /**
   * Looks an address up.
   *
   * @param bytes 4 or 16 in network order
   * @returns `null` when it lies in no network
   */
  findBytes(bytes: Uint8Array): NetworkNode<T> | null {
    const { words, starts, nodes } = bytes.length === 4 ? this.#v4 : this.#v6;
    if (nodes.length === 0) return null;
    const first = wordAt(bytes, 0);
    let low = 0;
    let high = nodes.length;
    // The last part that begins at or before the address.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = middle * words;
      let order = starts[at]! - first;
      for (let i = 1; order === 0 && i < words; i++) order = starts[at + i]! - wordAt(bytes, i);
      if (order <= 0) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : nodes[low - 1]!;
  }
}

interface Range<T> {
  readonly words: readonly number[];
  readonly prefixLength: number;
  readonly values: T[];
}

function wordAt(bytes: Uint8Array, index: number): number {
  const at = index * 4;
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>>
    0;
}

function wordsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, index) => wordAt(bytes, index));
}

/** @param bits how many leading ones; below 0 none, above 32 all */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return 0;
}

/** The address after the last one of a network; `null`: there is none. */
function endOf({ words, prefixLength }: Range<unknown>): number[] | null {
  const end = [...words];
  for (let i = end.length - 1; i >= 0; i--) {
    const bits = Math.min(32, Math.max(0, prefixLength - 32 * i));
    // Words behind the prefix are all ones at the end, and carry.
    const sum = end[i]! + (bits === 0 ? 2 ** 32 : 2 ** (32 - bits));
    end[i] = sum >>> 0;
    if (bits > 0 && sum < 2 ** 32) return end;
    if (bits === 0) end[i] = 0;
  }
  return null;
}

function partsOf<T>(ranges: readonly Range<T>[], words: number): Part<T> {
  const sorted = ranges.toSorted((a, b) =>
    compare(a.words, b.words) || a.prefixLength - b.prefixLength
  );
  const starts: number[] = [];
  const nodes: (NetworkNode<T> | null)[] = [];
  const begin = (at: readonly number[], node: NetworkNode<T> | null): void => {
    const last = nodes.length - 1;
    if (last >= 0 && compare(starts.slice(last * words), at) === 0) nodes[last] = node;
    else {
      starts.push(...at);
      nodes.push(node);
    }
  };
  const open: { readonly node: NetworkNode<T>; readonly end: number[] | null }[] = [];
  const closeUntil = (at: readonly number[] | null): void => {
    while (open.length > 0) {
      const { end } = open.at(-1)!;
      if (end === null || (at !== null && compare(end, at) > 0)) return;
      open.pop();
      begin(end, open.at(-1)?.node ?? null);
    }
  };
  for (const range of sorted) {
    closeUntil(range.words);
    const parent = open.at(-1)?.node ?? null;
    const node = { prefixLength: range.prefixLength, values: range.values, parent };
    open.push({ node, end: endOf(range) });
    begin(range.words, node);
  }
  while (open.length > 0) {
    const { end } = open.pop()!;
    if (end !== null) begin(end, open.at(-1)?.node ?? null);
  }
  return { words, starts: Uint32Array.from(starts), nodes };
}
