/** What a path of the repository is on disk. */
export interface DiskAnswer {
  /** `outside`: a symbolic link leads out of the repository, or it may not be read. */
  readonly type: "file" | "directory" | "missing" | "outside";
  /** The path with all links followed, below the repository; as asked for when there is none. */
  readonly path: string;
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
}
