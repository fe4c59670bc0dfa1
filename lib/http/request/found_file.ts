import type { IndexedFile, SourceFile } from "../../catalog/file.ts";
import type { FileOnDisk } from "./repository.ts";

/** What a requested path turned out to be. */
export type FoundFile =
  | {
    readonly type: "indexed";
    readonly indexed: IndexedFile;
    /** When it left the source, in milliseconds since the epoch; absent: it is there. */
    readonly gone?: number;
  }
  /** On disk only: a directory, a file not scanned yet, or the store could not say. */
  | {
    readonly type: "unindexed";
    /** Links followed. */
    readonly path: string;
    readonly isFile: boolean;
    /** As the disk had it; absent: no file, or not known. */
    readonly file?: FileOnDisk;
    /** Whether the index said that it does not know the path. */
    readonly storeAnswered: boolean;
  }
  | { readonly type: "missing" }
  | { readonly type: "outside" };

/**
 * Stands in for the facts about a file that is not in the index.
 *
 * @param path its path
 * @returns a file of which nothing but the path is known
 */
export function unknownFile(path: string): SourceFile {
  return { path, size: 0, modTime: null, sha1: "", sha256: "", md5: "" };
}
