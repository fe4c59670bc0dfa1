import { StoreUnavailableError } from "../store.ts";

/** Part of SQLite's message → what is wrong and what to do. The text is all that every call gives. */
const CAUSES: readonly (readonly [part: string, words: string])[] = [
  ["disk is full", "the disk is full, or the store has reached its largest size; free some space"],
  ["malformed", damaged("its content is damaged")],
  ["not a database", damaged("it is no SQLite database")],
  ["readonly database", "it is read-only for this user; give write access to it and its directory"],
  ["database is locked", "another program uses it; stop that program"],
  ["unable to open", "it cannot be opened; check that this user may read and write it"],
  ["disk I/O error", "the disk reports an error; check the disk, then restore a backup if need be"],
];

/**
 * Puts a failure of SQLite into words.
 *
 * @param error anything that was thrown
 * @param path the database file, for the message
 * @returns a {@linkcode StoreUnavailableError} with the failure as its cause; anything that SQLite
 *   did not throw comes back as it is
 */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    const flag = error.message.includes("write access") ? "--allow-write" : "--allow-read";
    const words = `Deno has no permission for it; add ${flag} for its directory`;
    return new StoreUnavailableError(message(path, words), { cause: error });
  }
  if (!(error instanceof Error) || !isSqliteError(error)) return error;
  const known = CAUSES.find(([part]) => error.message.includes(part));
  const words = known ? known[1] : error.message;
  return new StoreUnavailableError(message(path, words), { cause: error });
}

/** The words for a store whose content cannot be trusted. */
export function damaged(what: string): string {
  return `${what}; restore it from a backup, or move it away to start with an empty store`;
}

/** The sentence around the words. */
export function message(path: string, words: string): string {
  return `Cannot use the store "${path}": ${words}`;
}

function isSqliteError(error: Error): boolean {
  const { code } = error as Error & { code?: unknown };
  return code === "ERR_SQLITE_ERROR" || code === "ERR_INVALID_STATE";
}
