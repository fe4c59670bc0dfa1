import { dirname } from "node:path";

/** Others than the owner who may write: the group, everyone. */
const OTHERS_WRITE = 0o022;

/** What is said of a link that may be somebody else's. */
export const STRANGE_LINK =
  "it is a link in a directory that others may write to; name the file itself";

/** How {@linkcode openFile} opens a file. */
export interface OpenFileOptions {
  /** Whether all that is written is added at its end. Default: no. */
  readonly append?: boolean;
  /** Permissions of a file that is made, less those that the umask takes; one that is there keeps its own. */
  readonly mode: number;
}

/**
 * Opens a file to be written, and makes it where it is missing. In a directory that others may write to,
 * such as /tmp, no link is followed, neither a symbolic nor a hard one: somebody else may have put it
 * there, and what it leads to would be written to in his place. A directory that may not be looked at
 * counts as such a one.
 *
 * @throws Error when it is a link there
 * @throws one of Deno's errors when it cannot be opened
 */
export function openFile(path: string, { append = false, mode }: OpenFileOptions): Deno.FsFile {
  if (!othersWrite(dirname(path))) {
    return Deno.openSync(path, { write: true, append, create: true, mode });
  }
  const refusal = (): Error => new Error(STRANGE_LINK);
  if (lookAt(path) === null) {
    // Whatever is put there meanwhile, a file that has to be new is no link.
    return Deno.openSync(path, { write: true, append, createNew: true, mode });
  }
  if (lookAt(path)?.isSymlink) throw refusal();
  const file = Deno.openSync(path, { write: true, append });
  // What was opened is what stands there, or it was a link for a moment.
  const [opened, there] = [file.statSync(), lookAt(path)];
  const same = there !== null && !there.isSymlink && there.ino === opened.ino &&
    there.dev === opened.dev;
  if (same && (!opened.isFile || opened.nlink === 1)) return file;
  file.close();
  throw refusal();
}

/**
 * Whether a file is a link, symbolic or hard, in a directory that others may write to: {@linkcode openFile}
 * opens no such file.
 */
export function isStrangeLink(path: string): boolean {
  if (!othersWrite(dirname(path))) return false;
  const there = lookAt(path);
  return there !== null && (there.isSymlink || there.isFile && there.nlink !== 1);
}

function othersWrite(directory: string): boolean {
  // On a terminal Deno would ask for what is not allowed, and wait.
  if (!mayRead(directory)) return true;
  try {
    return ((Deno.statSync(directory).mode ?? 0) & OTHERS_WRITE) !== 0;
  } catch (error) {
    return error instanceof Deno.errors.NotCapable;
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

function lookAt(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
