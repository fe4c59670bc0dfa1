import { basename, dirname } from "node:path";
import { StoreUnavailableError } from "../store.ts";
import type { Connection } from "./connection.ts";
import { message } from "./store_error.ts";

/** What was copied. */
export interface KeptCopy {
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
export async function copyBeforeMigration(
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

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What matters shows when the file is made.
  }
}
