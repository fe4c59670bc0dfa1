import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorJson } from "./api/mirror_schemas.ts";
import { settingsOf } from "../catalog/settings/mirror_settings.ts";
import { mirrorStatus } from "./mirror_status.ts";

function timeToJson(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** Turns a mirror into what the control API shows: times are ISO 8601 in UTC; `null`: never. */
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
