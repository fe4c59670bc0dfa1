import type { ListedFile } from "../catalog/file.ts";
import { messageOf } from "../log/message_of.ts";
import type { Breather } from "./breather.ts";

/** What {@linkcode walk} found beside the files. */
export interface WalkResult {
  /** Path of each symbolic link → path of what it stands for in the repository, free of links. */
  readonly aliases: Map<string, string>;
  /** Symbolic links that lead out of the repository. */
  readonly outside: string[];
  /** Directories that are there and could not be read: what was known below them still stands. */
  readonly unreadDirectories: string[];
  /** Files that are there and could not be looked at. */
  readonly unreadFiles: string[];
  /**
   * Makes sure that the repository is still there, for what is done with it later.
   *
   * @throws {Deno.errors.NotFound} when it is gone
   * @throws Error when the disk is another one
   */
  readonly verify: () => void;
}

/** What {@linkcode walk} takes. */
export interface WalkOptions {
  /** Directory without a trailing slash. */
  readonly repository: string;
  readonly breather: Breather;
  /** Called for each regular file. */
  readonly onFile: (file: ListedFile) => void;
  /** Called with a sentence for the operator. */
  readonly onWarning: (message: string) => void;
}

/** What a name holds where bytes were that are not UTF-8. */
const REPLACEMENT = "\uFFFD";

/**
 * Walks the repository: regular files, by name within a directory; a store that gets them in order has
 * less to search. Symbolic links are recorded, never followed. What vanishes meanwhile is no error; that it was
 * not the repository itself, such as a disk that was unmounted, has to be verified before files are taken
 * for gone. Works synchronously in short slices: an asynchronous call for each file would take five times
 * as long.
 *
 * @throws {Deno.errors.NotFound} when the repository is missing
 * @throws another of Deno's errors when it cannot be read or is no directory
 */
export async function walk(options: WalkOptions): Promise<WalkResult> {
  const { repository, breather, onFile, onWarning } = options;
  const result: WalkResult = {
    aliases: new Map(),
    outside: [],
    unreadDirectories: [],
    unreadFiles: [],
    verify,
  };
  const root = Deno.realPathSync(repository);
  let device: number | null = null;
  const directories = [""];
  for (let directory; (directory = directories.pop()) !== undefined;) {
    const entries = readDirectory(directory);
    // Not before it was read: that is what mounts some disks.
    device ??= Deno.statSync(root).dev;
    const below: string[] = [];
    for (const { name, isDirectory, isFile, isSymlink } of entries) {
      if (breather.due) await breather.pause();
      const path = `${directory}/${name}`;
      if (isDirectory) below.push(path);
      else if (isFile) look(path);
      else if (isSymlink) resolve(path);
    }
    // The last one is the next.
    for (const path of below.reverse()) directories.push(path);
  }
  return result;

  function verify(): void {
    if (Deno.statSync(root).dev !== device) {
      throw new Error("Another disk took its place meanwhile");
    }
  }

  function readDirectory(path: string): Deno.DirEntry[] {
    try {
      return [...Deno.readDirSync(root + path)].sort((a, b) => a.name < b.name ? -1 : 1);
    } catch (error) {
      if (path === "") throw error;
      if (isGone(error)) reportName(path);
      else {
        result.unreadDirectories.push(path);
        onWarning(`Cannot read the directory "${path}": ${messageOf(error)}`);
      }
      return [];
    }
  }

  function look(path: string): void {
    try {
      const { isFile, size, mtime } = Deno.lstatSync(root + path);
      if (isFile) onFile({ path, size, modTime: mtime?.getTime() ?? null });
    } catch (error) {
      if (isGone(error)) return reportName(path);
      result.unreadFiles.push(path);
      onWarning(`Cannot read "${path}": ${messageOf(error)}`);
    }
  }

  function resolve(path: string): void {
    let target: string;
    try {
      target = Deno.realPathSync(root + path);
    } catch {
      // It leads nowhere, or in circles: as if it were not there.
      return;
    }
    const prefix = root === "/" ? "" : root;
    if (target === root) result.aliases.set(path, "/");
    else if (target.startsWith(`${prefix}/`)) result.aliases.set(path, target.slice(prefix.length));
    else result.outside.push(path);
  }

  /** A name that was listed and is not there has vanished, or is not what Deno made of it. */
  function reportName(path: string): void {
    if (path.slice(path.lastIndexOf("/")).includes(REPLACEMENT)) {
      onWarning(`Skipped "${path}": its name is not valid UTF-8`);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
