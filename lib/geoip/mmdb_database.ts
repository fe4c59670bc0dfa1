import { Buffer } from "node:buffer";
import { LRUCache } from "lru-cache";
import { Reader } from "maxmind";
import { GeoDatabaseError } from "./geo_database_error.ts";
import { type Metadata, verifyDatabase } from "./verify_database.ts";

/** What a database says about an address: names and values, in the layout of its maker. */
export type GeoEntry = Readonly<Record<string, unknown>>;

/** Decoded values to keep; neighbouring addresses share most of theirs. */
const CACHED_VALUES = 10_000;

/**
 * A MaxMind DB file in memory. The library's own reading and watching of files is not used: here every
 * thread reads the same bytes, which are checked before they are trusted and replaced only by good ones.
 */
export class MmdbDatabase {
  readonly #reader: Reader<never>;
  readonly #metadata: Metadata;

  /**
   * Opens a database.
   *
   * @param bytes the file, perhaps over a SharedArrayBuffer; must not change any more
   * @param trusted whether the file was checked before
   * @throws GeoDatabaseError when it is no MaxMind DB file, or a broken one
   */
  constructor(bytes: Uint8Array, trusted = false) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const cache = new LRUCache<string | number, NonNullable<unknown>>({ max: CACHED_VALUES });
    let reader: Reader<never> | undefined;
    const open = (): Reader<never> => reader ??= openReader(buffer, cache);
    if (!trusted) verifyDatabase(bytes, () => open().metadata);
    this.#reader = open();
    this.#metadata = this.#reader.metadata;
  }

  /** As the maker names it: `GeoLite2-City`. */
  get type(): string {
    return String(this.#metadata.databaseType ?? "unnamed type");
  }

  /** When it was built, milliseconds since the epoch; 0 when it does not say. */
  get buildTime(): number {
    return this.#metadata.buildEpoch.getTime() || 0;
  }

  /**
   * Looks an address up.
   *
   * @param address a valid one, in text form
   * @returns `null` when the database does not know it
   * @throws GeoDatabaseError when the entry is broken
   */
  lookUp(address: string): GeoEntry | null {
    let entry: unknown;
    try {
      entry = this.#reader.get(address);
    } catch (error) {
      throw new GeoDatabaseError(
        `the entry for ${address} cannot be read`,
        { cause: error },
      );
    }
    return typeof entry === "object" ? entry as GeoEntry | null : null;
  }
}

/** What the reader asks of its cache. */
type ReaderCache = NonNullable<NonNullable<ConstructorParameters<typeof Reader>[1]>["cache"]>;

function openReader(
  buffer: Buffer,
  cache: LRUCache<string | number, NonNullable<unknown>>,
): Reader<never> {
  try {
    return new Reader<never>(buffer, { cache: cache as ReaderCache });
  } catch (error) {
    throw new GeoDatabaseError("its metadata or its search tree cannot be read", { cause: error });
  }
}
