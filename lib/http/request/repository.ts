/** What the disk says of a file. */
export interface FileOnDisk {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; `null` when unknown. */
  readonly modTime: number | null;
}

/** What a path of the repository is on disk. */
export interface DiskAnswer {
  /** `outside`: a symbolic link leads out of the repository, or it may not be read. */
  readonly type: "file" | "directory" | "missing" | "outside";
  /** The path with all links followed, below the repository; as asked for when there is none. */
  readonly path: string;
  /** Of a file; absent: not known. */
  readonly file?: FileOnDisk;
}

/** Names of one directory that are not UTF-8, as a program reads them that has no other: with U+FFFD. */
export type OddNames = ReadonlyMap<string, "file" | "directory">;

/** What a directory holds under one name. */
export interface DirectoryEntry {
  readonly name: string;
  /** What it is, links followed. */
  readonly type: "file" | "directory";
  /** Path in the repository, links followed. */
  readonly path: string;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds since the epoch; `null` when unknown. */
  readonly modTime: number | null;
}

/** The first bytes of a file. */
export interface FileBeginning {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Milliseconds since the epoch; `null` when unknown. */
  readonly modTime: number | null;
}

/** A regular file that is open. */
export interface OpenFile extends Disposable {
  /** Bytes that it had when it was opened. */
  readonly size: number;
  /** Milliseconds since the epoch; `null` when unknown. */
  readonly modTime: number | null;
  /** Goes to a byte. @throws Error when the disk fails */
  seek(start: number): Promise<void>;
  /**
   * Reads on.
   *
   * @returns bytes that were read into the buffer, at least one; `null`: there are no more
   * @throws Error when the disk fails
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
}

/** Port: looks paths up in the source repository on disk. */
export interface Repository {
  /**
   * Finds out what a path is.
   *
   * @param root absolute path of the repository
   * @param path decoded, clean path below it, with a leading slash
   * @throws Error when the disk fails
   */
  lookup(root: string, path: string): Promise<DiskAnswer>;

  /**
   * Lists names of a directory that cannot be looked up.
   *
   * @param root absolute path of the repository
   * @param path of a directory as `lookup()` found it
   * @throws Error when the disk fails
   */
  oddNames(root: string, path: string): Promise<OddNames>;
  /**
   * Lists a directory: files, directories, and links to such in the repository, in any order (by name, the next step
   * takes least time). What cannot be read is left out; what is no directory has nothing in it.
   *
   * @param root absolute path of the repository
   * @param path decoded, clean path of a directory below it, with a leading slash
   */
  list(root: string, path: string): Promise<DirectoryEntry[]>;
  /**
   * Tells when names came to a directory or left it.
   *
   * @param root absolute path of the repository
   * @param path decoded, clean path of a directory below it, with a leading slash
   * @returns milliseconds since the epoch; `null`: not known
   */
  namesTime(root: string, path: string): Promise<number | null>;
  /**
   * Reads a regular file.
   *
   * @param most bytes that are read
   * @returns its beginning, with its whole size; `null` when it cannot be read, or lies elsewhere
   */
  read(root: string, path: string, most: number): Promise<FileBeginning | null>;
  /**
   * Opens a regular file.
   *
   * @param root absolute path of the repository
   * @param path decoded, clean path below it, with a leading slash
   * @returns the file; `outside`: a link leads out of the repository, or it may not be read; `missing`:
   *   there is no such file
   * @throws Error when the disk fails
   */
  open(root: string, path: string): Promise<OpenFile | "outside" | "missing">;
}
