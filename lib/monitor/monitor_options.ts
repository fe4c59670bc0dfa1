import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorScanResult, SourceScanResult } from "../catalog/scan_result.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import type { ClusterMembership } from "./cluster.ts";
import type { CheckOutcome, HealthCheckOptions } from "./health_check.ts";
import type { RepositoryWatcherOptions } from "./repository_watcher.ts";
import type { MirrorScanRequest, SourceScanRequest } from "./scan_requests.ts";

/** What a check is told. */
export type CheckRequest = Required<Pick<HealthCheckOptions, "busy" | "hold" | "signal">>;

/** What a `Monitor` works with. */
export interface MonitorOptions {
  readonly store: Pick<
    Store,
    | "addEvent"
    | "available"
    | "enableMirror"
    | "mirror"
    | "mirrors"
    | "updateMirrorState"
    | "watch"
  >;
  /** The configuration that is in force now. */
  readonly config: () => Pick<
    Config,
    | "checkInterval"
    | "concurrentSync"
    | "disableAfter"
    | "staleAfter"
    | "exclude"
    | "maxScanAge"
    | "httpScan"
    | "repository"
    | "repositoryScanInterval"
    | "scanInterval"
    | "watchRepository"
  >;
  /** Scans a mirror, with everything that belongs to it. */
  readonly scanMirror: (
    mirror: MirrorRecord,
    request: MirrorScanRequest,
  ) => Promise<MirrorScanResult>;
  /** Scans the source, with everything that belongs to it. */
  readonly scanSource: (request: SourceScanRequest) => Promise<SourceScanResult>;
  /** Checks a mirror and records what it found. */
  readonly checkHealth: (
    mirror: MirrorRecord,
    request: CheckRequest,
  ) => Promise<Omit<CheckOutcome, "asked">>;
  /** Whether the process is short of file descriptors: then nothing is begun. Default: never. */
  readonly pressure?: () => boolean;
  /** Told what kept a scan or a check of this node from being done. */
  readonly failed?: (error: unknown) => void;
  /** Learns when the certificate of a mirror ends; default: nobody wants to know. */
  readonly checkCertificate?: (mirror: MirrorRecord, signal: AbortSignal) => Promise<void>;
  /** Called after each scan of the source that ended well. */
  readonly onSourceScanned?: (result: SourceScanResult) => void;
  /**
   * Brings the index up to date with single paths of the repository that changed. Default: the source is
   * scanned.
   */
  readonly followSource?: (paths: readonly string[]) => void;
  /** See {@linkcode RepositoryWatcherOptions.gather}. */
  readonly gather?: RepositoryWatcherOptions["gather"];
  /** The other nodes; `null`: there are none. */
  readonly cluster: Pick<ClusterMembership, "nodes" | "self" | "settled"> | null;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed" | "now">;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
}
