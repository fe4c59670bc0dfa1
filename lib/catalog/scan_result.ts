import type { ScanProtocol } from "./mirror_state.ts";

/** What a scan of a mirror found. */
export interface MirrorScanResult {
  readonly protocol: ScanProtocol;
  /** Files on the mirror, source files or not. */
  readonly indexed: number;
  /** Files on the mirror that the source has too. */
  readonly known: number;
  /** Files that the mirror had at the last scan and has no more. */
  readonly removed: number;
  /** Milliseconds to add to the mirror's file times. */
  readonly timeZoneOffset: number;
  /** The files did not tell the time-zone offset; absent: they did, or nobody asked. */
  readonly timeZoneUnknown?: true;
  /** What went wrong without spoiling the scan, one sentence each. */
  readonly warnings: readonly string[];
}

/** What a scan of the source repository found. */
export interface SourceScanResult {
  /** Files in the repository, links not counted. */
  readonly files: number;
  /** Files that are new or have another size, time or hash. */
  readonly changed: number;
  /** Files that are gone. */
  readonly removed: number;
  /** Files whose contents were read. */
  readonly hashed: number;
  /** Size of all files together. */
  readonly bytes: number;
  /**
   * Path of each symbolic link → path of what it stands for, inside the repository and with no link
   * in it. A link to a directory is here too: what is below the link is below the target. The
   * repository itself is `/`.
   */
  readonly aliases: ReadonlyMap<string, string>;
  /** Paths of the symbolic links that lead out of the repository. */
  readonly outside: readonly string[];
  /** What could not be read, one sentence each. */
  readonly warnings: readonly string[];
}

/** How far a scan is. */
export interface ScanProgress {
  readonly phase: "listing" | "hashing" | "writing";
  /** Files listed, hashed or to be written. */
  readonly files: number;
  /** How many files there will be; `null` when nobody knows yet. */
  readonly total: number | null;
  /** Over HTTP: directories that were looked at, or passed over; how many there are; files asked for. */
  readonly walk?: {
    readonly directories: number;
    readonly total: number;
    readonly probes: number;
  };
  /** Path of the file that is read now. */
  readonly path?: string;
  /** Bytes read so far. */
  readonly bytes?: number;
  /** Bytes to read. */
  readonly totalBytes?: number;
}
