import { GeoDatabaseError } from "./geo_database_error.ts";
import { MmdbChecker } from "./mmdb_checker.ts";

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
