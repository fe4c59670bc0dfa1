import type { DifferencePage, DifferenceQuery } from "../catalog/file_difference.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Rollout } from "../catalog/rollout.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { Trees } from "../selection/tree.ts";
import type { PruneStore } from "../stats/prune_stats.ts";
import type { StatisticsStore } from "../stats/read_statistics.ts";
import type { Store } from "../store/store.ts";
import type { CheckedJson } from "./api/check_schemas.ts";
import type {
  HealthJson,
  NodesJson,
  ReloadJson,
  UpgradeJson,
  VersionInfo,
} from "./api/daemon_schemas.ts";
import type { GeoipJson } from "./api/geoip_schemas.ts";
import type { NotifyTestJson } from "./api/notify_schemas.ts";
import type { Choices } from "./choices.ts";
import type { MirrorServiceDependencies } from "./mirror_service.ts";
import type { ScanRunner } from "./scan_runner.ts";

/** What the control API works on. */
export interface ControlServices
  extends Omit<MirrorServiceDependencies, "store">, Pick<Clock, "after" | "delay" | "every"> {
  readonly store:
    & MirrorServiceDependencies["store"]
    & StatisticsStore
    & PruneStore
    & Pick<Store, "forgetRevisions" | "notes">;
  readonly scans: ScanRunner;
  /** Removes hashes of pieces that the configuration does not ask for. @returns of how many files */
  readonly prunePieces: () => Promise<number>;
  /** Files of a mirror that differ from the source's. */
  readonly differences: (
    mirror: MirrorRecord,
    query: DifferenceQuery,
  ) => Promise<DifferencePage>;
  /**
   * Reads the configuration again.
   *
   * @throws with a sentence for the operator; the old configuration stays in force
   */
  readonly reload: () => Promise<ReloadJson>;
  /**
   * Lets the program as it is on disk now take over; missing where that cannot be done.
   *
   * @returns once the new process answers requests
   * @throws with a sentence for the operator; then this process goes on
   */
  readonly upgrade?: () => Promise<UpgradeJson>;
  /**
   * Looks at a server that may become a mirror.
   *
   * @param url as it was typed
   * @throws {ControlError} when that is no address of HTTP, or there is nothing to compare it with
   */
  readonly checkUrl: (url: string, signal: AbortSignal) => Promise<CheckedJson>;
  /**
   * Sends a message of each event to a receiver, counted from 1, or to all.
   *
   * @returns what came of it; `null` when there is no such receiver
   */
  readonly testNotify: (receiver: number | null) => Promise<NotifyTestJson | null>;
  /** The GeoIP databases, and what keeps them current. */
  readonly geoip: {
    /** @param address to look up; `null`: none */
    readonly report: (address: string | null) => Promise<GeoipJson>;
    /** Looks for newer ones now. */
    readonly update: () => Promise<GeoipJson>;
  };
  /** Tells how requests are decided. */
  readonly choices: Choices;
  /** Who works on the store. */
  readonly nodes: () => Promise<NodesJson>;
  /**
   * How far a path has reached the mirrors; `null`: there is none.
   *
   * @param watch whether to note from now on when mirrors get it
   */
  readonly rollout: (path: string, watch: boolean) => Promise<Rollout | null>;
  /** The metadata sets as they are judged now; `null`: none are configured. */
  readonly sets: () => Promise<Trees | null>;
  readonly version: VersionInfo;
  /**
   * Writes the metrics of the process.
   *
   * @param accept header of whoever asks; `null`: none
   */
  readonly metrics: (
    accept: string | null,
  ) => Promise<{ readonly contentType: string; readonly body: string }>;
  /** How the daemon is; never rejects. */
  readonly health: () => Promise<HealthJson>;
  /** The configuration in force now. */
  readonly config: () => Pick<
    Config,
    | "checkInterval"
    | "keepStats"
    | "rpcListenAddress"
    | "rpcPassword"
    | "scanInterval"
    | "staleAfter"
  >;
  readonly log: Log;
}
