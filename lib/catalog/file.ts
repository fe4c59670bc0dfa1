/** A file of the source repository, as the last source scan found it. */
export interface SourceFile {
  /** Path in the repository, with a leading slash: `/pool/a b.iso`. Decoded, never percent-encoded. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Modification time in milliseconds since the epoch, UTC; `null` when unknown. */
  readonly modTime: number | null;
  /** Lower-case hexadecimal; empty when not computed. */
  readonly sha1: string;
  /** Lower-case hexadecimal; empty when not computed. */
  readonly sha256: string;
  /** Lower-case hexadecimal; empty when not computed. */
  readonly md5: string;
  /**
   * When a scan first saw this version, in milliseconds since the epoch; absent: nobody knows, or nobody
   * asked.
   */
  readonly firstSeen?: number;
}

/** A file as a mirror's listing shows it. */
export interface ListedFile {
  /** Path below the mirror's base URL, with a leading slash; the same form as {@linkcode SourceFile}. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Modification time in milliseconds since the epoch, UTC; `null` when unknown. */
  readonly modTime: number | null;
}

/** The copy of one file on one mirror. */
export interface FileCopy {
  /** The mirror that has the copy. */
  readonly mirrorId: number;
  /** Bytes. */
  readonly size: number;
  /** Modification time in milliseconds since the epoch, UTC; `null` when unknown. */
  readonly modTime: number | null;
}

/** What the index knows about one path: the source's file and every mirror's copy of it. */
export interface IndexedFile {
  /** The file of the source. */
  readonly file: SourceFile;
  /** In order of mirror ID. */
  readonly copies: readonly FileCopy[];
  /** Whether the source has the file no more, or not in this version. Default: it has it. */
  readonly former?: boolean;
}
