/** What a path of the repository is on disk. */
export interface DiskAnswer {
  /** `outside`: a symbolic link leads out of the repository, or it may not be read. */
  readonly type: "file" | "directory" | "missing" | "outside";
  /** The path with all links followed, below the repository; as asked for when there is none. */
  readonly path: string;
}

/** Names of one directory that are not UTF-8, as a program reads them that has no other: with U+FFFD. */
export type OddNames = ReadonlyMap<string, "file" | "directory">;

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
}
