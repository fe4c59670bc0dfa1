/** In how many ways a mirror's files may differ from the source, as a scan counts them. */
export const FILE_DIFFERENCES = ["older", "missing", "size", "newer", "foreign"] as const;

/** One of {@linkcode FILE_DIFFERENCES}. */
export type FileDifference = typeof FILE_DIFFERENCES[number];

/** A file as the source, or a mirror, has it. */
export interface FileVersion {
  /** Bytes. */
  readonly size: number;
  /** Modification time in milliseconds since the epoch; `null`: unknown. */
  readonly modTime: number | null;
}

/** A file of a mirror that differs from the source's. */
export interface DifferentFile {
  readonly path: string;
  /** `null`: the source has no such file. */
  readonly source: FileVersion | null;
  /** `null`: the mirror has no such file. */
  readonly mirror: FileVersion | null;
}

/** A page of the files of a mirror that differ in one way. */
export interface DifferencePage {
  /** By path. */
  readonly files: readonly DifferentFile[];
  /** Whether there are further ones. */
  readonly more: boolean;
}

/** Which page of {@linkcode DifferentFile}s is asked for. */
export interface DifferenceQuery {
  readonly kind: FileDifference;
  /** The last path of the page before; empty: the first page. */
  readonly after: string;
  /** Files of one page, at least one. */
  readonly limit: number;
}
