/** Nobody but the user and the group may read what clients asked for, or passwords of mirrors. */
const MODE = 0o640;

/** Permissions of directories that are made for the store. */
export const DIRECTORY_MODE = 0o750;

/**
 * Makes a file for SQLite where there is none: by itself it would let everyone read it, and the journals
 * beside it, which have the mode of their database. One that is there keeps its mode.
 *
 * Must not be called once SQLite has the file open in this process: to close it here would drop SQLite's
 * locks (POSIX, fcntl(2)).
 */
export function createFile(path: string): void {
  try {
    Deno.statSync(path);
  } catch (error) {
    // SQLite says better what else may be wrong.
    if (!(error instanceof Deno.errors.NotFound)) return;
    try {
      Deno.openSync(path, { append: true, create: true, mode: MODE }).close();
    } catch {
      // See above.
    }
  }
}
