import { concat } from "@std/bytes";

/** What bencode can say (BEP 3). Keys are text or bytes; text is counted in bytes of UTF-8. */
export type Bencodable =
  | number
  | string
  | Uint8Array
  | readonly Bencodable[]
  | ReadonlyMap<string | Uint8Array, Bencodable>
  | Encoded;

/** Something that is encoded already. */
export class Encoded {
  /** @param bytes bencode */
  constructor(readonly bytes: Uint8Array) {}
}

const encoder = new TextEncoder();

/**
 * Encodes a value, keys in the order of their bytes.
 *
 * @param value whole numbers, texts, bytes, lists, dictionaries
 * @returns bencode
 */
export function bencode(value: Bencodable): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return concat(parts);
}

function write(value: Bencodable, parts: Uint8Array[]): void {
  if (typeof value === "number") parts.push(encoder.encode(`i${value}e`));
  else if (typeof value === "string") write(encoder.encode(value), parts);
  else if (value instanceof Encoded) parts.push(value.bytes);
  else if (value instanceof Uint8Array) parts.push(encoder.encode(`${value.length}:`), value);
  else if (value instanceof Map) {
    const entries = [...value].map(([key, each]) =>
      [typeof key === "string" ? encoder.encode(key) : key, each] as const
    );
    parts.push(encoder.encode("d"));
    for (const [key, each] of entries.sort(([a], [b]) => compare(a, b))) {
      write(key, parts);
      write(each, parts);
    }
    parts.push(encoder.encode("e"));
  } else {
    parts.push(encoder.encode("l"));
    for (const each of value as readonly Bencodable[]) write(each, parts);
    parts.push(encoder.encode("e"));
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
