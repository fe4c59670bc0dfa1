import type { ListedFile, SourceFile } from "./file.ts";

/** A file of the source. */
export interface SourceVersion extends Pick<ListedFile, "size" | "modTime"> {
  /** Lower-case hexadecimal; absent when not computed. */
  readonly md5?: string;
  /** What it was before and may still be somewhere, the newest first; absent: nothing that counts. */
  readonly former?: readonly Pick<ListedFile, "size" | "modTime">[];
}

/** One directory of the source. */
export interface SourceDirectory {
  /** With a leading slash and none at the end; empty: the root. */
  readonly path: string;
  /** By name. */
  readonly files: ReadonlyMap<string, SourceVersion>;
  /** By name. */
  readonly directories: ReadonlyMap<string, SourceDirectory>;
}

interface Growing extends SourceDirectory {
  readonly files: Map<string, SourceVersion>;
  readonly directories: Map<string, Growing>;
}

/** The files of the source by directory: what a walk over HTTP follows. */
export class SourceTree {
  readonly #root: Growing = { path: "", files: new Map(), directories: new Map() };

  #directories = 1;

  /** How many directories there are, with the root. */
  get directories(): number {
    return this.#directories;
  }

  /** The root directory. */
  get root(): SourceDirectory {
    return this.#root;
  }

  /** Finds a file. */
  find(path: string): SourceVersion | null {
    const names = path.slice(1).split("/");
    let directory: SourceDirectory | undefined = this.#root;
    for (const name of names.slice(0, -1)) directory = directory?.directories.get(name);
    return directory?.files.get(names.at(-1)!) ?? null;
  }

  /** Whether there is a directory. @param path with a leading slash and none at the end; empty: the root */
  hasDirectory(path: string): boolean {
    if (path === "") return true;
    let directory: SourceDirectory | undefined = this.#root;
    for (const name of path.slice(1).split("/")) directory = directory?.directories.get(name);
    return directory !== undefined;
  }

  /** Adds a file. */
  add(
    { path, size, modTime, md5 = "" }:
      & Pick<SourceFile, "path" | "size" | "modTime">
      & Partial<Pick<SourceFile, "md5">>,
  ): void {
    const file = md5 === "" ? { size, modTime } : { size, modTime, md5 };
    this.#directoryOf(path).files.set(nameOf(path), file);
  }

  /**
   * Adds what a file was before; nothing where there is no such file.
   *
   * @param path of the file
   * @param versions the newest first; those that it is now, or that were told already, do not count
   */
  addFormer(path: string, versions: Iterable<Pick<ListedFile, "size" | "modTime">>): void {
    const file = this.find(path);
    if (file === null) return;
    const former = [...file.former ?? []];
    const told = new Set([file, ...former].map(keyOf));
    for (const { size, modTime } of versions) {
      const key = keyOf({ size, modTime });
      if (told.has(key)) continue;
      told.add(key);
      former.push({ size, modTime });
    }
    if (former.length > 0) this.#directoryOf(path).files.set(nameOf(path), { ...file, former });
  }

  #directoryOf(path: string): Growing {
    let directory = this.#root;
    let start = 1;
    for (let end; (end = path.indexOf("/", start)) >= 0; start = end + 1) {
      const name = path.slice(start, end);
      let next = directory.directories.get(name);
      if (next === undefined) {
        next = { path: path.slice(0, end), files: new Map(), directories: new Map() };
        directory.directories.set(name, next);
        this.#directories++;
      }
      directory = next;
    }
    return directory;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function keyOf({ size, modTime }: Pick<ListedFile, "size" | "modTime">): string {
  return `${size} ${modTime}`;
}

/** A file with its path. */
export interface TreeFile extends SourceVersion {
  readonly path: string;
}

/** A file below a directory, whichever is next; `null`: there is none. */
export function anyFileBelow(directory: SourceDirectory): TreeFile | null {
  for (const [name, file] of directory.files) return { path: `${directory.path}/${name}`, ...file };
  for (const below of directory.directories.values()) {
    const found = anyFileBelow(below);
    if (found !== null) return found;
  }
  return null;
}

/** Some files of a directory, and of those in it. @param count how many at most */
export function someFilesBelow(directory: SourceDirectory, count: number): TreeFile[] {
  const files: TreeFile[] = [];
  for (const [name, file] of directory.files) {
    if (files.push({ path: `${directory.path}/${name}`, ...file }) >= count) return files;
  }
  for (const below of directory.directories.values()) {
    const file = anyFileBelow(below);
    if (file !== null && files.push(file) >= count) return files;
  }
  return files;
}
