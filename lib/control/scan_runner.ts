import type { ScanProtocol } from "../catalog/mirror_state.ts";
import type { MirrorScanResult, ScanProgress, SourceScanResult } from "../catalog/scan_result.ts";

/** Scans now, whatever the schedule says. */
export interface ScanRunner {
  /**
   * Scans a mirror.
   *
   * @param options.protocol how; default: by rsync, and by FTP if that fails
   * @param options.listing what rsync wrote elsewhere, in place of what the mirror would say; default: nothing
   * @param options.full whether a scan over HTTP looks at everything; default: no
   * @param options.timed whether the signal comes of a limit that wins over all others; default: no
   * @throws {ScanError}
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  scanMirrorNow(
    id: number,
    options: {
      readonly protocol?: ScanProtocol;
      readonly listing?: AsyncIterable<Uint8Array>;
      readonly timed?: boolean;
      readonly full?: boolean;
      readonly signal: AbortSignal;
      readonly onProgress: (progress: ScanProgress) => void;
    },
  ): Promise<MirrorScanResult>;
  /**
   * Scans the source repository.
   *
   * @param options.rehash compute every hash again
   * @param options.force accept an empty repository, which forgets every file
   * @throws {ScanError}
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  scanSourceNow(
    options: {
      readonly rehash: boolean;
      readonly force: boolean;
      readonly signal: AbortSignal;
      readonly onProgress: (progress: ScanProgress) => void;
    },
  ): Promise<SourceScanResult>;
}
