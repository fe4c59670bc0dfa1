import { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../store.ts";
import { Connection } from "./connection.ts";
import { exists, removeIfThere } from "./create_file.ts";
import { damageIn } from "./find_damage.ts";
import { openConnection } from "./open_connection.ts";

/** Whoever may read the configuration of mirrors may not read the addresses of their administrators. */
const MODE = 0o600;

/**
 * Writes a copy of an embedded store, as it is at one moment, while a daemon may be at work on it. The copy
 * is checked, and has its name only when it is whole.
 *
 * @param path the database file, which this user may read
 * @param target file to be made; what is there is never replaced
 * @returns bytes of the copy
 * @throws Error with what is wrong, in words
 */
export async function backUp(path: string, target: string): Promise<number> {
  if (exists(target)) throw new Error(`"${target}" is there already: name another file`);
  const partial = `${target}.partial`;
  try {
    Deno.openSync(partial, { write: true, createNew: true, mode: MODE }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Error(`Another backup to "${target}" runs, or was cut off: remove "${partial}"`);
    }
    throw new Error(`Cannot write "${partial}": ${error instanceof Error ? error.message : error}`);
  }
  try {
    {
      using connection = openConnection({ path, readOnly: true });
      await connection.copyTo(partial);
    }
    {
      using copy = new Connection(new DatabaseSync(partial), partial);
      // One file, without a journal beside it.
      copy.execute("PRAGMA journal_mode = DELETE");
      const [damage] = damageIn(copy);
      if (damage !== undefined) throw new StoreUnavailableError(`The copy is damaged: ${damage}`);
    }
    using file = Deno.openSync(partial, { read: true, write: true });
    file.syncSync();
    Deno.renameSync(partial, target);
    return file.statSync().size;
  } catch (error) {
    removeIfThere(partial);
    throw error;
  }
}
