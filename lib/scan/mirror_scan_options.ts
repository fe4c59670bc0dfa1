import type { MirrorRecord, ScanProtocol } from "../catalog/mirror_state.ts";
import type { ScanProgress } from "../catalog/scan_result.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import type { ComparisonMemory } from "./comparison_memory.ts";
import type { FileTable } from "./file_table.ts";
import type { Lister } from "./lister.ts";
import type { TraceFetch } from "./trace.ts";

/** What `scanMirror()` takes. */
export interface MirrorScanOptions {
  readonly mirror: MirrorRecord;
  readonly store: Pick<
    Store,
    | "addEvent"
    | "copiesOf"
    | "countFiles"
    | "events"
    | "lock"
    | "mirror"
    | "notes"
    | "revisions"
    | "sharedFiles"
    | "sourceFiles"
    | "updateCopies"
    | "updateMirrorState"
  >;
  /** The files of the source, to compare with; default: nothing is counted. */
  readonly source?: () => Promise<FileTable>;
  /** Deep directories of which people want to know who has them, with slashes on both ends; default: none. */
  readonly named?: () => readonly string[];
  /** Whether the listers need no URL of the mirror, and it is asked for nothing. Default: they do. */
  readonly given?: boolean;
  /** Saves comparing the same files again; default: they are compared. */
  readonly compared?: ComparisonMemory;
  /** In the order in which they are tried. */
  readonly listers: readonly Lister[];
  /** Only this way of listing; default: the first that works. */
  readonly protocol?: ScanProtocol;
  /** Reads the trace file. */
  readonly fetch: TraceFetch;
  readonly config: Pick<
    Config,
    "exclude" | "fixTimezoneOffsets" | "tolerance" | "traceFileLocation"
  >;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Ends the scan and all that it started; the index stays as it was. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Whether a scan over HTTP looks at everything. Default: at what changed. */
  readonly full?: boolean;
  /** Whether nobody waits for it, so that it may not take for ever. Default: somebody does. */
  readonly scheduled?: boolean;
  /** Whether {@linkcode signal} comes of a limit that somebody set, which wins over all others. */
  readonly timed?: boolean;
  /** Called when the mirror is so slow that others need not wait for it. */
  readonly onSlow?: () => void;
  /** Of the clock. */
  readonly every: Clock["every"];
  /** Of the clock. */
  readonly timeout: Clock["timeout"];
}
