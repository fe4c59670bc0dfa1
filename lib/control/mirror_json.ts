import { validCause } from "../catalog/down_cause.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { validNumbers } from "../catalog/scan_numbers.ts";
import { settingsOf } from "../catalog/settings/mirror_settings.ts";
import { STATE_FIELDS } from "../catalog/mirror_state_fields.ts";
import { shapeToJson } from "../catalog/state_shape.ts";
import type { MirrorJson } from "./api/mirror_schemas.ts";
import { mirrorStatus } from "./mirror_status.ts";

/** Turns a mirror into what the control API shows: times are ISO 8601 in UTC; `null`: never. */
export function mirrorToJson(record: MirrorRecord): MirrorJson {
  const { httpDownReason, httpsDownReason, stateSince } = record;
  const known: MirrorRecord = {
    ...record,
    httpDownCause: validCause(record.httpDownCause, httpDownReason, stateSince),
    scanNumbers: record.wholeTree
      ? null
      : validNumbers(record.scanNumbers, record.lastSuccessfulSync),
    httpsDownCause: validCause(record.httpsDownCause, httpsDownReason, stateSince),
  };
  const state = STATE_FIELDS.map((
    { property, shape },
  ) => [property, shapeToJson(shape, known[property])]);
  return {
    id: record.id,
    ...settingsOf(record),
    status: mirrorStatus(record),
    ...Object.fromEntries(state),
  } as MirrorJson;
}
