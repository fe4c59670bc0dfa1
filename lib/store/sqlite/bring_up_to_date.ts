import { basename, dirname } from "node:path";
import type { Log } from "../../log/log.ts";
import { StoreUnavailableError } from "../store.ts";
import type { Connection } from "./connection.ts";
import { removeIfThere } from "./create_file.ts";
import { checkFormat, migrate, MIGRATIONS } from "./migrations.ts";
import { message } from "./store_error.ts";

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

/** What was copied. */
interface KeptCopy {
  /** Absolute path of the copy. */
  readonly path: string;
  /** Number of the format that it has. */
  readonly format: number;
}

/**
 * Copies a database beside itself before its format is changed: `NAME.format-8`. A copy of the same
 * format that is there is replaced, and those of older ones are removed when this one is whole.
 *
 * @param format the one that it has now
 * @throws StoreUnavailableError when there is no room, or the directory may not be written to
 */
async function copyBeforeMigration(
  connection: Connection,
  format: number,
): Promise<KeptCopy> {
  const { path } = connection;
  const copy = `${path}.format-${format}`;
  const partial = `${copy}.partial`;
  try {
    removeIfThere(partial);
    Deno.openSync(partial, { write: true, createNew: true, mode: 0o600 }).close();
    await connection.copyTo(partial);
    {
      using file = Deno.openSync(partial, { read: true, write: true });
      file.syncSync();
    }
    Deno.renameSync(partial, copy);
  } catch (error) {
    removeIfThere(partial);
    const words = `it cannot be copied to "${copy}" before its format is changed: ${
      error instanceof Error ? error.message : error
    }`;
    throw new StoreUnavailableError(message(path, words), { cause: error });
  }
  const prefix = `${basename(path)}.format-`;
  for (const { name } of Deno.readDirSync(dirname(path))) {
    const other = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (other < format) removeIfThere(`${dirname(path)}/${name}`);
  }
  return { path: copy, format };
}
