import { requirePermission } from "../../config/require_permission.ts";
import { type DatabaseRole, FETCHED_NAMES } from "../database_names.ts";

/** The directory of databases that are fetched, as the updater uses it. */
export interface UpdateFiles {
  /** @returns empty when there is none */
  readState(): Promise<string>;
  /** Replaces what was written before, as a whole. */
  writeState(text: string): Promise<void>;
  /** Writes what comes to a file that does not count yet; nothing is left of it when that fails. @returns its path */
  writeNew(bytes: AsyncIterable<Uint8Array>): Promise<string>;
  /** Whether there is a database in its place. */
  has(role: DatabaseRole): Promise<boolean>;
  /** Reads a whole file. */
  read(path: string): Promise<Uint8Array>;
  /** Puts the file of {@linkcode writeNew} in the place of a database. */
  place(path: string, role: DatabaseRole): Promise<void>;
  /** Removes a file of {@linkcode writeNew}; that there is none is no error. */
  remove(path: string): Promise<void>;
}

/**
 * Files in a directory of the disk, which is made when it is missing.
 *
 * @param directory where it is now
 */
export function updateFiles(directory: () => string): UpdateFiles {
  const pathOf = (name: string): string => `${directory()}/${name}`;
  const prepare = async (): Promise<void> => {
    requirePermission({ name: "write", path: directory() });
    await Deno.mkdir(directory(), { recursive: true, mode: 0o750 });
  };
  return {
    async readState() {
      const path = pathOf("state.json");
      requirePermission({ name: "read", path });
      return await Deno.readTextFile(path).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return "";
        throw error;
      });
    },
    async writeState(text) {
      await prepare();
      const path = pathOf("state.json");
      await Deno.writeTextFile(`${path}.part`, text, { mode: 0o640 });
      await Deno.rename(`${path}.part`, path);
    },
    async writeNew(bytes) {
      await prepare();
      const path = pathOf("new.part");
      try {
        using file = await Deno.open(path, {
          ...{ create: true, write: true, truncate: true, mode: 0o640 },
        });
        for await (const chunk of bytes) {
          for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
        }
        await file.syncData();
        return path;
      } catch (error) {
        await this.remove(path).catch(() => {});
        throw error;
      }
    },
    async has(role) {
      return await Deno.stat(pathOf(FETCHED_NAMES[role])).then((one) => one.isFile, () => false);
    },
    async read(path) {
      return await Deno.readFile(path);
    },
    async place(path, role) {
      await Deno.rename(path, pathOf(FETCHED_NAMES[role]));
    },
    async remove(path) {
      await Deno.remove(path).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    },
  };
}
