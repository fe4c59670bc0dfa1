import { parseAddressRange } from "../../lib/net/address_range.ts";

/** A value of an entry. Whole numbers are written as uint32, others as doubles. */
export type MmdbValue =
  | string
  | number
  | boolean
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue };

/** What {@linkcode writeMmdb} writes. */
export interface MmdbContent {
  /** Name of the database type. */
  readonly type: string;
  /** Network in CIDR notation → entry; a later network may lie within an earlier one. */
  readonly networks: Readonly<Record<string, MmdbValue>>;
  /** Bits of a record: 24 (default), 28 or 32. */
  readonly recordSize?: 24 | 28 | 32;
  /** 6 (default) holds both families; 4 holds IPv4 alone. */
  readonly ipVersion?: 4 | 6;
  /** Milliseconds since the epoch; default 2026-11-22. */
  readonly buildTime?: number;
  /** Replaces or adds metadata, to break them. */
  readonly metadata?: Readonly<Record<string, MmdbValue>>;
}

/** A node of the search tree: each half is a node, an entry, or nothing. */
type Tree = [Half, Half];
type Half = Tree | { readonly entry: MmdbValue } | null;

/**
 * Writes a small database in the MaxMind DB format, version 2.0. Repeated texts and maps become
 * pointers, as in real databases.
 */
export function writeMmdb(content: MmdbContent): Uint8Array {
  const { type, networks, recordSize = 24, ipVersion = 6, metadata = {} } = content;
  const root: Tree = [null, null];
  for (const [network, entry] of Object.entries(networks)) {
    const range = parseAddressRange(network);
    if (!range) throw new TypeError(`No network: ${network}`);
    const padded = ipVersion === 6 && range.bytes.length === 4 ? 96 : 0;
    insert(root, range.bytes, padded, padded + range.prefixLength, { entry });
  }
  const nodes: Tree[] = [];
  collect(root, nodes);
  const data = new Encoder();
  const records = nodes.map((node) => node.map((half) => recordOf(half, nodes, data)));
  const buildTime = content.buildTime ?? Date.UTC(2026, 10, 22);
  const trailer = new Encoder();
  trailer.write({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(buildTime / 1000),
    database_type: type,
    description: { en: "For tests" },
    ip_version: ipVersion,
    languages: ["en"],
    node_count: nodes.length,
    record_size: recordSize,
    ...metadata,
  }, false);
  return Uint8Array.from([
    ...records.flatMap(([left = 0, right = 0]) => nodeBytes(left, right, recordSize)),
    ...new Uint8Array(16),
    ...data.bytes,
    ...[0xab, 0xcd, 0xef],
    ...new TextEncoder().encode("MaxMind.com"),
    ...trailer.bytes,
  ]);
}

function insert(root: Tree, bytes: Uint8Array, padding: number, length: number, leaf: Half): void {
  let node = root;
  for (let depth = 0; depth < length; depth++) {
    const index = depth - padding;
    const bit = index < 0 ? 0 : (bytes[index >> 3]! >> (7 - (index & 7)) & 1) as 0 | 1;
    if (depth === length - 1) {
      node[bit] = leaf;
      return;
    }
    const next = node[bit];
    // A network within another one: the rest of the other keeps its entry.
    node = node[bit] = Array.isArray(next) ? next : [next, next];
  }
}

function collect(node: Tree, nodes: Tree[]): void {
  nodes.push(node);
  for (const half of node) if (Array.isArray(half)) collect(half, nodes);
}

function recordOf(half: Half, nodes: readonly Tree[], data: Encoder): number {
  if (half === null) return nodes.length;
  if (Array.isArray(half)) return nodes.indexOf(half);
  return nodes.length + 16 + data.write(half.entry);
}

function nodeBytes(left: number, right: number, recordSize: number): number[] {
  const big = (value: number, length: number): number[] =>
    Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) & 255);
  if (recordSize !== 28) return [...big(left, recordSize / 8), ...big(right, recordSize / 8)];
  const middle = (left >> 24 & 15) << 4 | (right >> 24 & 15);
  return [...big(left & 0xffffff, 3), middle, ...big(right & 0xffffff, 3)];
}

/** Encodes values of the data section. */
class Encoder {
  readonly bytes: number[] = [];
  readonly #offsets = new Map<string, number>();

  /**
   * Appends a value.
   *
   * @param pointers whether repeated values become pointers
   * @returns its offset
   */
  write(value: MmdbValue, pointers = true): number {
    const key = JSON.stringify(value);
    const known = this.#offsets.get(key);
    if (known !== undefined && pointers) return known;
    const parts = typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).flat()
      : Array.isArray(value)
      ? value
      : [];
    // What a value points to has to stand before it.
    if (pointers) { for (const part of parts) if (isShared(part)) this.write(part); }
    const offset = this.bytes.length;
    this.#offsets.set(key, offset);
    if (typeof value === "string") {
      const text = new TextEncoder().encode(value);
      this.#head(2, text.length);
      this.bytes.push(...text);
    } else if (typeof value === "boolean") this.#head(14, Number(value));
    else if (typeof value === "number") this.#number(value);
    else {
      this.#head(Array.isArray(value) ? 11 : 7, parts.length / (Array.isArray(value) ? 1 : 2));
      for (const part of parts) {
        const shared = pointers && isShared(part)
          ? this.#offsets.get(JSON.stringify(part))
          : undefined;
        if (shared === undefined) this.write(part, false);
        else this.#pointer(shared);
      }
    }
    return offset;
  }

  #number(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    if (Number.isInteger(value) && value >= 0) {
      view.setUint32(0, value);
      this.#head(6, 4);
      this.bytes.push(...new Uint8Array(view.buffer, 0, 4));
    } else {
      view.setFloat64(0, value);
      this.#head(3, 8);
      this.bytes.push(...new Uint8Array(view.buffer));
    }
  }

  #pointer(offset: number): void {
    if (offset < 2048) this.bytes.push(1 << 5 | offset >> 8, offset & 255);
    else if (offset < 526_336) {
      const rest = offset - 2048;
      this.bytes.push(1 << 5 | 1 << 3 | rest >> 16, rest >> 8 & 255, rest & 255);
    } else {
      const rest = offset - 526_336;
      this.bytes.push(1 << 5 | 2 << 3 | rest >> 24, rest >> 16 & 255, rest >> 8 & 255, rest & 255);
    }
  }

  #head(type: number, size: number): void {
    const extended = type > 7 ? [type - 7] : [];
    const first = type > 7 ? 0 : type << 5;
    if (size < 29) this.bytes.push(first | size, ...extended);
    else if (size < 285) this.bytes.push(first | 29, ...extended, size - 29);
    else this.bytes.push(first | 30, ...extended, (size - 285) >> 8, (size - 285) & 255);
  }
}

/** Whether a value is worth a pointer. */
function isShared(value: MmdbValue): boolean {
  return typeof value === "object" || (typeof value === "string" && value.length > 2);
}
