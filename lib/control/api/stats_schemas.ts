import * as v from "valibot";
import { MIRROR_STATUS } from "./mirror_schemas.ts";
import { COUNT, DAY, type Json, TEXT } from "./parts.ts";

const RANGE = {
  start: v.pipe(DAY, v.description("First day")),
  end: v.pipe(DAY, v.description("Last day")),
};

/** Answer of `GET /mirrors/{id}/stats`. */
export const MIRROR_STATS = v.object({
  name: TEXT,
  status: MIRROR_STATUS,
  ...RANGE,
  downloads: COUNT,
  bytes: COUNT,
});

/** Answer of `GET /stats/files`: files by path, those without downloads are missing. */
export const FILE_STATS = v.object({
  files: v.array(v.object({ path: TEXT, downloads: COUNT })),
  total: COUNT,
  ...RANGE,
});

/** Answer of `GET /mirrors/{id}/stats`. */
export type MirrorStatsJson = Json<typeof MIRROR_STATS>;
/** Answer of `GET /stats/files`. */
export type FileStatsJson = Json<typeof FILE_STATS>;
