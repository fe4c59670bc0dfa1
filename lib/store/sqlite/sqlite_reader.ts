import type { IndexedFile } from "../../catalog/file.ts";
import type { Period, StoreReader } from "../store.ts";
import type { Connection } from "./connection.ts";
import { CounterReader } from "./counter_reader.ts";
import { FileIndex } from "./file_index.ts";
import { requireCurrentFormat } from "./migrations.ts";
import { openConnection } from "./open_connection.ts";

/** The reading half of the embedded store. Every answer is there at once, without a promise. */
export interface SqliteStoreReader extends StoreReader {
  /** See {@linkcode StoreReader.lookup}. */
  lookup(path: string): IndexedFile | null;
  /** See {@linkcode StoreReader.fileDownloads}. */
  fileDownloads(path: string, periods: readonly Period[]): number[];
  /** See {@linkcode StoreReader.mirrorDownloads}. */
  mirrorDownloads(
    periods: readonly Period[],
  ): Map<number, { downloads: number; bytes: number }>;
}

/**
 * Opens a connection of its own that only reads, for an HTTP thread. It never waits for the writer.
 *
 * @param options.path the database file; the store must have been opened before
 * @throws StoreUnavailableError when the file is missing, damaged, or in another format
 */
export function openSqliteReader({ path }: { readonly path: string }): SqliteStoreReader {
  const connection = openConnection({ path, readOnly: true });
  try {
    requireCurrentFormat(connection);
    return new SqliteReader(connection);
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

class SqliteReader implements SqliteStoreReader {
  readonly #connection: Connection;
  readonly #index: FileIndex;
  readonly #counters: CounterReader;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#index = new FileIndex(connection);
    this.#counters = new CounterReader(connection);
  }

  lookup(path: string): IndexedFile | null {
    return this.#connection.attempt(() => this.#index.byPath(path));
  }

  fileDownloads(path: string, periods: readonly Period[]): number[] {
    return this.#connection.attempt(() => this.#counters.ofFile(path, periods));
  }

  mirrorDownloads(
    periods: readonly Period[],
  ): Map<number, { downloads: number; bytes: number }> {
    return this.#connection.attempt(() => this.#counters.ofMirrors(periods));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection[Symbol.dispose]();
    return Promise.resolve();
  }
}
