import type { Connection } from "./connection.ts";
import { openConnection } from "./open_connection.ts";

/** Findings that are told, at most. */
const MOST = 20;

/**
 * Reads the whole of an embedded store and looks for damage, while a daemon may be at work on it. It takes
 * as long as reading the file does.
 *
 * @param path the database file, which this user may read
 * @returns what is wrong, one line each, at most 20; none: nothing
 * @throws StoreUnavailableError when it cannot be opened, or is no database
 */
export function findDamage(path: string): string[] {
  using connection = openConnection({ path, readOnly: true });
  return damageIn(connection);
}

/** The same for a database that is open. */
export function damageIn(connection: Connection): string[] {
  const check = connection.prepare(`PRAGMA integrity_check(${MOST})`);
  const lines = connection.attempt(() => check.all())
    .flatMap((row) => String(row.integrity_check).split("\n"))
    .filter((line) => line !== "ok" && !line.startsWith("***"));
  return lines.slice(0, MOST);
}
