import type { ScanProtocol } from "../catalog/mirror_state.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { ScanProgress } from "../catalog/scan_result.ts";
import { StoreUnavailableError } from "../store/store.ts";

/** How a mirror is to be scanned. */
export interface MirrorScanRequest {
  /** Only this way of listing; default: the first that works. */
  readonly protocol?: ScanProtocol;
  /** A listing that rsync wrote elsewhere, which takes the place of what the mirror would say. */
  readonly listing?: AsyncIterable<Uint8Array>;
  /** Whether a scan over HTTP looks at everything. Default: at what changed. */
  readonly full?: boolean;
  /** Whether nobody waits for it; then it may not take for ever. Default: somebody does. */
  readonly scheduled?: boolean;
  /** Whether who asked for it set a limit, which wins over all others. Default: no. */
  readonly timed?: boolean;
  /** Called when the mirror is so slow that others need not wait for it. */
  readonly onSlow?: () => void;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** How the source is to be scanned. */
export interface SourceScanRequest {
  /** Read every file again; default false. */
  readonly rehash?: boolean;
  /** Accept an empty repository; default false. */
  readonly force?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Milliseconds after which something is tried again that could not begin. */
export const RETRY = 5000;

/** Whether a scan failed for a reason that passes: nothing was tried, nothing was recorded. */
export function couldNotBegin(error: unknown): boolean {
  return error instanceof StoreUnavailableError ||
    (error instanceof ScanError &&
      (error.reason === "in_progress" || error.reason === "not_indexed"));
}
