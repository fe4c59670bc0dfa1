import { setImmediate } from "node:timers/promises";
import { isShort } from "./is_short.ts";
import type {
  DirectoryEntry,
  DiskAnswer,
  FileBeginning,
  OddNames,
  OpenFile,
  Repository,
} from "./repository.ts";

/** The repository on this machine's disk. */
export const repositoryDisk: Repository = { lookup, oddNames, list, namesTime, read, open };

/** Entries that are looked at before others have their turn. */
const STEP = 256;

async function lookup(root: string, path: string): Promise<DiskAnswer> {
  let realRoot: string;
  let real: string;
  let info: Deno.FileInfo;
  try {
    // The root may be a link that is moved from one snapshot to the next.
    realRoot = await Deno.realPath(root);
    real = await Deno.realPath(root + path);
    const below = realRoot === "/" || real === realRoot || real.startsWith(`${realRoot}/`);
    if (!below) return { type: "outside", path };
    // By the name that Deno allows: the link may lead out of what it does.
    info = await Deno.stat(root + path);
  } catch (error) {
    return { type: answerFor(error), path };
  }
  const found = real.slice(realRoot === "/" ? 0 : realRoot.length) || "/";
  if (info.isFile) {
    const file = { size: info.size, modTime: info.mtime?.getTime() ?? null };
    return { type: "file", path: found, file };
  }
  return info.isDirectory ? { type: "directory", path: found } : { type: "missing", path };
}

async function oddNames(root: string, path: string): Promise<OddNames> {
  const names = new Map<string, "file" | "directory">();
  try {
    for await (const { name, isDirectory } of Deno.readDir(root + path)) {
      // Deno knows names as text only.
      if (name.includes("\ufffd")) names.set(name, isDirectory ? "directory" : "file");
    }
  } catch (error) {
    answerFor(error);
  }
  return names;
}

async function list(root: string, path: string): Promise<DirectoryEntry[]> {
  const { type, path: real } = await lookup(root, path);
  if (type !== "directory") return [];
  const base = real === "/" ? "" : real;
  const realRoot = await Deno.realPath(root);
  const entries: DirectoryEntry[] = [];
  const { names, links } = await namesIn(realRoot + real);
  // Names alone are sorted in half the time that they take as parts of something.
  names.sort();
  let count = 0;
  for (const name of names) {
    // A call that is waited for takes ten times as long; this only lets others have their turn.
    if (++count % STEP === 0) await setImmediate();
    const below = `${base}/${name}`;
    const entry = links.has(name)
      ? await linkEntry(root, name, below)
      : plainEntry(name, below, realRoot + below);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** What a directory holds, by name, and which of that is a link. */
interface Names {
  readonly names: string[];
  readonly links: ReadonlySet<string>;
}

/** The names in a directory: all at once where they are known to be few, since each waited for costs more than its file. */
async function namesIn(full: string): Promise<Names> {
  const short = isShort(await Deno.stat(full));
  const names: string[] = [];
  const links = new Set<string>();
  const add = ({ name, isSymlink }: Deno.DirEntry): void => {
    names.push(name);
    if (isSymlink) links.add(name);
  };
  if (short) {
    for (const entry of Deno.readDirSync(full)) add(entry);
    return { names, links };
  }
  for await (const entry of Deno.readDir(full)) {
    add(entry);
    // They come one right after the other, with nobody's turn in between.
    if (names.length % STEP === 0) await setImmediate();
  }
  return { names, links };
}

async function namesTime(root: string, path: string): Promise<number | null> {
  const info = await Deno.stat(root + path).catch(() => null);
  return info?.isDirectory ? info.mtime?.getTime() ?? null : null;
}

function plainEntry(name: string, path: string, full: string): DirectoryEntry | null {
  try {
    return entryOf(name, path, Deno.lstatSync(full));
  } catch {
    // It vanished, or its name is not what Deno made of it.
    return null;
  }
}

async function linkEntry(root: string, name: string, path: string): Promise<DirectoryEntry | null> {
  const target = await lookup(root, path);
  if (target.type !== "file" && target.type !== "directory") return null;
  const info = await Deno.stat(root + path).catch(() => null);
  return info === null ? null : entryOf(name, target.path, info);
}

function entryOf(name: string, path: string, info: Deno.FileInfo): DirectoryEntry | null {
  if (!info.isFile && !info.isDirectory) return null;
  return {
    name,
    path,
    type: info.isFile ? "file" : "directory",
    size: info.isFile ? info.size : 0,
    modTime: info.mtime?.getTime() ?? null,
  };
}

async function read(root: string, path: string, most: number): Promise<FileBeginning | null> {
  try {
    const file = await open(root, path);
    if (typeof file === "string") return null;
    using _closed = file;
    const bytes = new Uint8Array(Math.min(file.size, most));
    let length = 0;
    while (length < bytes.length) {
      const count = await file.read(bytes.subarray(length));
      if (count === null) break;
      length += count;
    }
    return { bytes: bytes.subarray(0, length), size: file.size, modTime: file.modTime };
  } catch {
    return null;
  }
}

async function open(root: string, path: string): Promise<OpenFile | "outside" | "missing"> {
  const { type, path: real } = await lookup(root, path);
  if (type !== "file") return type === "outside" ? type : "missing";
  // By the name that Deno allows: the root may be a link.
  const full = root + real;
  let file: Deno.FsFile | null = null;
  try {
    file = await Deno.open(full);
    const info = await file.stat();
    // Somebody may have put a link there meanwhile, or in place of a directory above.
    const again = await lookup(root, real);
    const there = await Deno.lstat(full);
    const same = again.type === "file" && again.path === real && there.isFile && info.isFile &&
      info.ino === there.ino && info.dev === there.dev;
    if (!same) {
      file.close();
      return "outside";
    }
    return openFile(file, info);
  } catch (error) {
    file?.close();
    return answerFor(error);
  }
}

function openFile(file: Deno.FsFile, { size, mtime }: Deno.FileInfo): OpenFile {
  return {
    size,
    modTime: mtime?.getTime() ?? null,
    seek: async (start) => void await file.seek(start, Deno.SeekMode.Start),
    read: (into) => file.read(into),
    [Symbol.dispose]: () => file.close(),
  };
}

/** @throws the error itself when it does not say anything about the path */
function answerFor(error: unknown): "missing" | "outside" {
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "outside";
  }
  if (
    error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop || hasCode(error, "ENAMETOOLONG") ||
    hasCode(error, "ELOOP")
  ) {
    return "missing";
  }
  throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
