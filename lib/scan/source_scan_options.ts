import type { ScanProgress } from "../catalog/scan_result.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { SourceDifference } from "../store/difference.ts";
import type { Store } from "../store/store.ts";
import type { HashWishes } from "./hash_wishes.ts";

/** Called with what is about to be written into the source index, and waited for. */
export type BeforeWrite = (difference: SourceDifference) => Promise<void>;

/** What {@linkcode scanSource} takes. */
export interface SourceScanOptions {
  readonly store: Pick<
    Store,
    "lock" | "lookup" | "notes" | "putPieces" | "sourceFiles" | "updateSource"
  >;
  /** Absolute path without a trailing slash. */
  readonly repository: string;
  /** Patterns of paths that are as if they were not there; default: none. */
  readonly exclude?: Config["exclude"];
  /** For how long files that left stay answerable. */
  readonly keepRemoved?: Config["keepRemoved"];
  /** Metadata sets, which may want that, too. */
  readonly metadataSets?: Config["metadataSets"];
  /** Called before the index is written. Default: nobody wants to know. */
  readonly beforeWrite?: BeforeWrite;
  /** Which hashes to compute. */
  readonly hashes: HashWishes;
  /** Whether a thread cannot be started, for want of file descriptors. Default: never. */
  readonly pressure?: () => boolean;
  /** Threads that answer requests; 0: this one does, so that it pauses more often; default auto. */
  readonly workers?: Config["workers"];
  /** Read every file again; default false. */
  readonly rehash?: boolean;
  /** Accept an empty or missing repository although the index is not empty; default false. */
  readonly force?: boolean;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
  /** Ends the scan; the index stays as it was. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}
