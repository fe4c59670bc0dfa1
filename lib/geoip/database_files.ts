import { requirePermission } from "../config/require_permission.ts";
/** What tells a file from an earlier one of the same name. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; 0 when unknown. */
  readonly modifiedAt: number;
}

/** What loading databases needs of a file system. */
export interface DatabaseFiles {
  /** Names of the files in a directory. */
  list(directory: string): Promise<string[]>;
  /** Looks at a file without reading it. */
  stamp(path: string): Promise<FileStamp>;
  /** Reads a whole file; threads can share the bytes if they lie over a SharedArrayBuffer. */
  read(path: string): Promise<Uint8Array>;
}

/** The disk. */
export const DISK: DatabaseFiles = {
  async list(directory) {
    requirePermission({ name: "read", path: directory });
    const names: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      if (!isDirectory) names.push(name);
    }
    return names;
  },

  async stamp(path) {
    requirePermission({ name: "read", path });
    const { size, mtime } = await Deno.stat(path);
    return { size, modifiedAt: mtime?.getTime() ?? 0 };
  },

  async read(path) {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let filled = 0;
    while (filled < size) {
      const count = await file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  },
};
