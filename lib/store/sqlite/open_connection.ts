import { DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { StoreUnavailableError } from "../store.ts";
import { Connection } from "./connection.ts";
import { createFile, DIRECTORY_MODE } from "./create_file.ts";
import { damaged, message, storeError } from "./store_error.ts";

/** Milliseconds that a statement waits for another connection's lock: only the repair after a crash. */
const BUSY_TIMEOUT = 2000;

/** Pages kept in memory, in KiB. */
const CACHE_SIZE = 16_384;

/** The journal shrinks to this many bytes after a large write. */
const JOURNAL_SIZE = 32 * 1024 * 1024;

const PAGE_SIZE = 4096;

/** How to open the database. */
export interface ConnectionOptions {
  /** The database file; `-wal`, `-shm` and `.lock` stand beside it. */
  readonly path: string;
  /** Whether the connection only reads; then the file must exist. */
  readonly readOnly: boolean;
  /** Largest size in bytes; default: what the disk holds. */
  readonly maximumSize?: number;
}

/**
 * Opens the database file; a writer makes the file and its directory where they are missing.
 *
 * Nothing but SQLite may open the file in this process: closing any other descriptor of it would drop
 * SQLite's locks (POSIX, fcntl(2)).
 *
 * @throws StoreUnavailableError with what is wrong and what to do
 */
export function openConnection(options: ConnectionOptions): Connection {
  const { path, readOnly } = options;
  try {
    if (!readOnly) makeDirectory(path);
    refuseLostDatabase(path);
    if (!readOnly) createFile(path);
    return configure(new DatabaseSync(path, { readOnly }), options);
  } catch (error) {
    if (statOrNull(path)?.isDirectory) {
      throw new StoreUnavailableError(message(path, "it is a directory; name a file in it"), {
        cause: error,
      });
    }
    throw storeError(error, path);
  }
}

/** Makes the directory of the database file. @throws StoreUnavailableError */
export function makeDirectory(path: string): void {
  const directory = dirname(path);
  try {
    Deno.mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw storeError(error, path);
    const words = `its directory "${directory}" cannot be made: ${
      error instanceof Error ? error.message : error
    }`;
    throw new StoreUnavailableError(message(path, words), { cause: error });
  }
}

/** SQLite would start empty and throw the journal away; the operator should know first. */
function refuseLostDatabase(path: string): void {
  if ((statOrNull(path)?.size ?? 0) > 0) return;
  const journal = statOrNull(`${path}-wal`);
  if (journal === null || journal.size === 0) return;
  const words = damaged(`it is missing or empty, but its journal "${path}-wal" has content`);
  throw new StoreUnavailableError(message(path, words));
}

function configure(database: DatabaseSync, options: ConnectionOptions): Connection {
  const connection = new Connection(database, options.path);
  try {
    connection.execute(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    connection.execute(`PRAGMA cache_size = -${CACHE_SIZE}`);
    // The first statement that reads: a file that is no database, or cut short, shows here.
    connection.execute("SELECT count(*) FROM sqlite_schema");
    if (!options.readOnly) {
      connection.execute("PRAGMA journal_mode = WAL");
      connection.execute("PRAGMA synchronous = NORMAL");
      connection.execute(`PRAGMA journal_size_limit = ${JOURNAL_SIZE}`);
    }
    if (options.maximumSize !== undefined) {
      const pages = Math.max(1, Math.floor(options.maximumSize / PAGE_SIZE));
      connection.execute(`PRAGMA max_page_count = ${pages}`);
    }
    return connection;
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}
