import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import type { Store } from "../store.ts";
import { checkIntegrity } from "./check_integrity.ts";
import type { Connection } from "./connection.ts";
import { bringUpToDate } from "./bring_up_to_date.ts";
import { openMask } from "./memory_mask.ts";
import { openConnection } from "./open_connection.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { takeWriterLock } from "./writer_lock.ts";

/** How to open the embedded store. */
export interface SqliteStoreOptions {
  /** The database file; made with its directory where it is missing. */
  readonly path: string;
  /** Gets what goes wrong later, and right again. */
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Largest size in bytes; default: what the disk holds. */
  readonly maximumSize?: number;
  /** Makes 32 random bytes, to hide by who downloads what in ranges; default: that is not hidden. */
  readonly newKey?: () => Uint8Array;
  /** By which is looked from time to time whether the file is still there; absent: it is not. */
  readonly clock?: Pick<Clock, "every">;
}

/**
 * Opens the embedded store for the control thread. HTTP threads read it through
 * {@linkcode openSqliteReader}.
 *
 * @throws StoreUnavailableError when another daemon has the store, when the file is damaged or
 *   belongs to another program or a newer version, or when it cannot be opened; the message says
 *   what to do. Nothing is ever started empty over a file that cannot be read.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path } = options;
  const lock = takeWriterLock(path);
  let connection: Connection | undefined;
  try {
    connection = openConnection({ ...options, readOnly: false });
    checkIntegrity(connection);
    await bringUpToDate(connection, options.log);
    const mask = openMask(connection, options.newKey ?? null);
    const store = new SqliteStore({ ...options, connection, lock, mask });
    await store.removeOrphans();
    return store;
  } catch (error) {
    connection?.[Symbol.dispose]();
    lock[Symbol.dispose]();
    throw error;
  }
}
