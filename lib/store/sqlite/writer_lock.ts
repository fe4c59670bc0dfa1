import { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../store.ts";
import { createFile } from "./create_file.ts";
import { makeDirectory } from "./open_connection.ts";
import { message, storeError } from "./store_error.ts";

/**
 * Makes sure that only one program writes to a store. The lock is SQLite's own, on an empty database
 * beside the store: the kernel frees it when the process ends, however it ends.
 *
 * @param path the store's database file
 * @returns what frees the lock
 * @throws StoreUnavailableError when someone else holds it
 */
export function takeWriterLock(path: string): Disposable {
  makeDirectory(path);
  const lockPath = `${path}.lock`;
  let database: DatabaseSync | undefined;
  try {
    createFile(lockPath);
    database = new DatabaseSync(lockPath);
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if (error instanceof Error && error.message.includes("database is locked")) {
      const words = `another mirrorbits daemon uses it and holds "${lockPath}"; ` +
        "stop that daemon, or set another DatabasePath";
      throw new StoreUnavailableError(message(path, words), { cause: error });
    }
    throw storeError(error, lockPath);
  }
  let held: DatabaseSync | null = database;
  return {
    [Symbol.dispose]: () => {
      held?.close();
      held = null;
    },
  };
}
