import type { Log } from "../../log/log.ts";
import type { Connection } from "./connection.ts";
import { copyBeforeMigration } from "./copy_before_migration.ts";
import { checkFormat, migrate, MIGRATIONS } from "./migrations.ts";

/**
 * Changes the format of what an older version wrote, after a copy of it.
 *
 * @param connection that writes to the database
 * @param log told how to go back
 * @throws StoreUnavailableError when it is of another program or a newer version, or cannot be copied
 */
export async function bringUpToDate(
  connection: Connection,
  log: Pick<Log, "info">,
): Promise<void> {
  const { path } = connection;
  const format = checkFormat(connection);
  const kept = format > 0 && format < MIGRATIONS.length
    ? await copyBeforeMigration(connection, format)
    : null;
  migrate(connection);
  if (kept === null) return;
  log.info(
    `The store "${path}" has format ${MIGRATIONS.length} now. To go back to the version before, stop ` +
      `the daemon, remove "${path}-wal" and "${path}-shm", and move "${kept.path}" (format ` +
      `${kept.format}) to "${path}": what was stored since then is not in it`,
  );
}
