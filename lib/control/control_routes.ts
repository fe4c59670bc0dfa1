import type { FileStats } from "./stats_service.ts";
import type { MirrorEvent } from "../catalog/mirror_event.ts";
import type { MirrorJson } from "./mirror_json.ts";
import type { LocationResult } from "./mirror_location.ts";
import type { MirrorStatus } from "./mirror_status.ts";
import type { MirrorSettings } from "./mirror_settings.ts";

/** Where the control API begins. */
export const API_ROOT = "/api/v1";

/** Answer of `POST /mirrors`. */
export interface AddMirrorJson {
  readonly mirror: MirrorJson;
  readonly location: LocationResult["location"];
  readonly warnings: readonly string[];
}

/** Answer of `GET /mirrors/{id}/location`: what is known now, and the settings that follow from it. */
export interface LocationJson {
  readonly location: LocationResult["location"];
  readonly warnings: readonly string[];
  readonly settings: Partial<MirrorSettings>;
}

/** One event; the time is ISO 8601 in UTC. */
export type EventJson = WithoutTime<MirrorEvent> & { readonly time: string };

/** Answer of `GET /mirrors/{id}/stats`. */
export interface MirrorStatsJson {
  readonly name: string;
  readonly status: MirrorStatus;
  /** First day, in UTC. */
  readonly start: string;
  /** Last day, in UTC. */
  readonly end: string;
  readonly downloads: number;
  readonly bytes: number;
}

/** Answer of `GET /stats/files`. */
export interface FileStatsJson extends FileStats {
  /** First day, in UTC. */
  readonly start: string;
  /** Last day, in UTC. */
  readonly end: string;
}

/** Answer of `POST /upgrade`. */
export interface UpgradeJson {
  /** ID of the process that has taken over. */
  readonly pid: number;
}

type WithoutTime<T> = T extends unknown ? Omit<T, "time"> : never;
