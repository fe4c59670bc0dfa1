import type { Reader } from "maxmind";
import { GeoDatabaseError } from "./geo_database_error.ts";
import { MmdbChecker } from "./mmdb_checker.ts";

/** What a database says about itself. */
export type Metadata = Reader<never>["metadata"];

/** Zeros between the search tree and the data. */
const SEPARATOR_SIZE = 16;

/** Nodes to look at: all of a small database, evenly spread ones of a large one. */
const MOST_NODES = 65_536;

/** Entries to check, of those that the nodes lead to. */
const MOST_ENTRIES = 20_000;

/**
 * Checks a MaxMind DB file in some tens of milliseconds, whatever its size: the metadata, whether the
 * search tree and the data fit the file, and the entries that a sample of the tree's nodes leads to.
 *
 * @param readMetadata reads the metadata, once they are known to be whole
 * @throws GeoDatabaseError that says what is broken
 */
export function verifyDatabase(bytes: Uint8Array, readMetadata: () => Metadata): void {
  const dataEnd = findMetadata(bytes);
  const { binaryFormatMajorVersion, recordSize, ipVersion, nodeCount } = readMetadata();
  if (binaryFormatMajorVersion !== 2) {
    throw new GeoDatabaseError(`its format has version ${binaryFormatMajorVersion}, not 2`);
  }
  if (![24, 28, 32].includes(recordSize) || ![4, 6].includes(ipVersion)) {
    throw new GeoDatabaseError("its metadata make no sense");
  }
  const treeSize = nodeCount * recordSize / 4;
  const dataStart = treeSize + SEPARATOR_SIZE;
  if (!Number.isSafeInteger(nodeCount) || nodeCount < 1 || dataStart > dataEnd) {
    throw new GeoDatabaseError(`it has no room for the ${nodeCount} nodes that its metadata count`);
  }
  if (bytes.subarray(treeSize, dataStart).some((byte) => byte !== 0)) {
    throw new GeoDatabaseError("its search tree has another size than its metadata say");
  }
  const checker = new MmdbChecker(bytes, dataStart, dataEnd);
  const entries = new Set<number>();
  const step = Math.ceil(nodeCount / MOST_NODES);
  for (let node = 0; node < nodeCount; node += step) {
    for (const record of readNode(bytes, node, recordSize)) {
      if (record <= nodeCount) continue;
      const offset = record - nodeCount + treeSize;
      if (offset < dataStart || offset >= dataEnd) {
        throw new GeoDatabaseError(`node ${node} of its search tree leads out of the file`);
      }
      if (entries.size < MOST_ENTRIES && !entries.has(offset)) {
        entries.add(offset);
        checker.check(offset);
      }
    }
  }
}

/** Reads both records of a node: the next node, the number of nodes for nothing, or an entry beyond. */
function readNode(bytes: Uint8Array, node: number, recordSize: number): [number, number] {
  const at = node * recordSize / 4;
  const byte = (index: number): number => bytes[at + index]!;
  const three = (index: number): number =>
    byte(index) << 16 | byte(index + 1) << 8 | byte(index + 2);
  if (recordSize === 24) return [three(0), three(3)];
  if (recordSize === 28) return [(byte(3) >> 4) << 24 | three(0), (byte(3) & 15) << 24 | three(4)];
  return [byte(0) * 2 ** 24 + three(1), byte(4) * 2 ** 24 + three(5)];
}

/** `\xab\xcd\xefMaxMind.com`, which stands before the metadata. */
const MARKER = Uint8Array.from([0xab, 0xcd, 0xef, ...new TextEncoder().encode("MaxMind.com")]);

/** The metadata lies in the last 128 KiB of the file. */
const LARGEST_METADATA = 128 * 1024;

/**
 * Finds the metadata of a MaxMind DB file and checks that they are whole.
 *
 * @returns where the marker before the metadata begins
 * @throws GeoDatabaseError
 */
export function findMetadata(bytes: Uint8Array): number {
  if (bytes.length === 0) throw new GeoDatabaseError("the file is empty");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new GeoDatabaseError("it is compressed with gzip and has to be unpacked");
  }
  const first = Math.max(0, bytes.length - LARGEST_METADATA - MARKER.length);
  for (let at = bytes.length - MARKER.length; at >= first; at--) {
    if (MARKER.every((byte, index) => bytes[at + index] === byte)) {
      const start = at + MARKER.length;
      new MmdbChecker(bytes, start, bytes.length).check(start);
      return at;
    }
  }
  throw new GeoDatabaseError("it has no metadata: it is cut off, or no MaxMind database at all");
}
