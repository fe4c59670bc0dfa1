import type { Mirror } from "../catalog/mirror.ts";
import type { MirrorRecord, ScanProtocol } from "../catalog/mirror_state.ts";
import { settingsOf } from "./mirror_settings.ts";
import { type MirrorStatus, mirrorStatus } from "./mirror_status.ts";

/** A mirror as the control API shows it. Times are ISO 8601 in UTC; `null`: never. */
export interface MirrorJson extends Mirror {
  readonly status: MirrorStatus;
  readonly httpUp: boolean;
  readonly httpsUp: boolean;
  readonly httpDownReason: string;
  readonly httpsDownReason: string;
  readonly stateSince: string | null;
  readonly lastSync: string | null;
  readonly lastSuccessfulSync: string | null;
  readonly lastSuccessfulSyncProtocol: ScanProtocol;
  /** Milliseconds. */
  readonly lastSuccessfulSyncPrecision: number;
  readonly lastModTime: string | null;
  /** Milliseconds. */
  readonly timeZoneOffset: number;
}

function timeToJson(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** Turns a mirror into what the control API shows. */
export function mirrorToJson(record: MirrorRecord): MirrorJson {
  const { id, httpUp, httpsUp, httpDownReason, httpsDownReason } = record;
  const { lastSuccessfulSyncProtocol, lastSuccessfulSyncPrecision, timeZoneOffset } = record;
  return {
    id,
    ...settingsOf(record),
    status: mirrorStatus(record),
    httpUp,
    httpsUp,
    httpDownReason,
    httpsDownReason,
    stateSince: timeToJson(record.stateSince),
    lastSync: timeToJson(record.lastSync),
    lastSuccessfulSync: timeToJson(record.lastSuccessfulSync),
    lastSuccessfulSyncProtocol,
    lastSuccessfulSyncPrecision,
    lastModTime: timeToJson(record.lastModTime),
    timeZoneOffset,
  };
}
