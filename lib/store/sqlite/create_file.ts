import { dirname, resolve } from "node:path";
import { isStrangeLink, openFile, STRANGE_LINK } from "../../log/open_file.ts";
import { StoreUnavailableError } from "../store.ts";
import { message } from "./store_error.ts";

/** Nobody but the user and the group may read what clients asked for, or passwords of mirrors. */
const MODE = 0o640;

/** Links that lead to links, at most, as on Linux. */
const MOST_LINKS = 40;

/** Permissions of directories that are made for the store. */
export const DIRECTORY_MODE = 0o750;

/**
 * Makes a file for SQLite where there is none: by itself it would let everyone read it, and the journals
 * beside it, which have the mode of their database. One that is there keeps its mode.
 *
 * Must not be called once SQLite has the file open in this process: to close it here would drop SQLite's
 * locks (POSIX, fcntl(2)).
 *
 * @throws StoreUnavailableError when it is a link that others may have put there, or leads to one
 */
export function createFile(path: string): void {
  try {
    const target = targetOf(path);
    if (exists(target)) return;
    openFile(target, { append: true, mode: MODE }).close();
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    // What this program may not look at SQLite would still follow, and let everyone read what it makes there.
    if (error instanceof Deno.errors.NotCapable && isLinkToNothing(path)) {
      const words =
        "it is a link to a place where this program may make nothing; name the file itself";
      throw new StoreUnavailableError(message(path, words), { cause: error });
    }
    // SQLite says better what else may be wrong.
  }
}

/** What links lead to, also where that is not there yet: under scoped permissions Deno makes nothing there. */
function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    if (isStrangeLink(target)) throw new StoreUnavailableError(message(path, STRANGE_LINK));
    if (!exists(target) || !Deno.lstatSync(target).isSymlink) break;
    target = resolve(dirname(target), Deno.readLinkSync(target));
  }
  return target;
}

function isLinkToNothing(path: string): boolean {
  if (!Deno.lstatSync(path).isSymlink) return false;
  try {
    Deno.statSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** Whether something has that name, a link that leads nowhere included. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Removes a file. What hinders that is not told: whatever follows fails, or something did before. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It is not there, or may not be removed.
  }
}
