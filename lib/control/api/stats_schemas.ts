import * as v from "valibot";
import { MIRROR_STATUS } from "./mirror_schemas.ts";
import { COUNT, DAY, FLAG, ID, type Json, TEXT } from "./parts.ts";

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

const COUNTED = {
  downloads: COUNT,
  bytes: v.pipe(COUNT, v.description("That mirrors were to send")),
};

const BOTS = v.pipe(COUNT, v.description("Answers to programs of IgnoreAgents, which count apart"));

const STEP = v.picklist(["hour", "day", "month"], "hour, day or month");

/** What `GET /stats` is asked with. */
export const STATISTICS_QUERY = v.object({
  from: v.pipe(v.optional(DAY), v.description("First day; default: today")),
  to: v.pipe(v.optional(DAY), v.description("Last day; default: today")),
  by: v.pipe(
    v.optional(STEP),
    v.description("Steps of the series; default: by how long the time is"),
  ),
  files: v.pipe(
    v.optional(v.pipe(COUNT, v.maxValue(10_000, "a whole number up to 10000")), 20),
    v.description("So many files at most, of those downloaded most; default: 20"),
  ),
  csv: v.pipe(
    v.optional(
      v.picklist(
        ["series", "mirrors", "countries", "answers", "files"],
        "series, mirrors, countries, answers or files",
      ),
    ),
    v.description("Answer with this table alone, as text/csv"),
  ),
});

/** Answer of `GET /stats`: lists have the most first, but for the series. */
export const STATISTICS = v.object({
  from: v.pipe(DAY, v.description("First day")),
  to: v.pipe(DAY, v.description("Last day")),
  ...COUNTED,
  bots: BOTS,
  ever: v.pipe(COUNT, v.description("All downloads ever")),
  mirrors: v.array(v.object({
    id: ID,
    name: v.pipe(v.nullable(TEXT), v.description("null: it was removed")),
    ...COUNTED,
  })),
  countries: v.pipe(
    v.array(v.object({
      country: v.pipe(TEXT, v.description("Its code; empty: unknown")),
      downloads: COUNT,
    })),
    v.description("Those of ten downloads or more"),
  ),
  otherCountries: v.pipe(COUNT, v.description("Downloads from countries that have fewer")),
  answers: v.array(v.object({ answer: TEXT, requests: COUNT })),
  files: v.array(v.object({ path: TEXT, downloads: COUNT })),
  by: STEP,
  series: v.array(v.object({
    time: v.pipe(TEXT, v.description("An hour (2026-11-22T15), a day or a month, in UTC")),
    ...COUNTED,
    bots: BOTS,
  })),
});

/** What `GET /stats/mirrors` is asked with. */
export const MIRROR_SERIES_QUERY = v.object({
  from: STATISTICS_QUERY.entries.from,
  to: STATISTICS_QUERY.entries.to,
  by: v.pipe(
    v.optional(v.picklist(["day", "month"], "day or month"), "day"),
    v.description("Steps; default: day"),
  ),
});

/** Answer of `GET /stats/mirrors`: the oldest first, in each the most. */
export const MIRROR_SERIES = v.object({
  from: DAY,
  to: DAY,
  steps: v.array(v.object({
    time: v.pipe(TEXT, v.description("A day or a month, in UTC")),
    mirrors: v.array(v.object({ id: ID, name: v.nullable(TEXT), ...COUNTED })),
  })),
});

/** What `POST /stats/prune` is asked with. */
export const PRUNE_STATS_REQUEST = v.object({
  dryRun: v.pipe(v.optional(FLAG, false), v.description("Only tell what would be removed")),
});

/** Answer of `POST /stats/prune`. */
export const PRUNED_STATS = v.object({
  counters: v.pipe(
    v.array(TEXT),
    v.description(
      "Days, months and years whose counters of files and mirrors are older than KeepStats",
    ),
  ),
  series: v.pipe(v.array(TEXT), v.description("Hours and days beyond 48 hours and 400 days")),
  removed: v.pipe(v.nullable(COUNT), v.description("Counters that were removed; null: none yet")),
});

/** Answer of `GET /stats/mirrors`. */
export type MirrorSeriesJson = Json<typeof MIRROR_SERIES>;
/** Answer of `GET /stats`. */
export type StatisticsJson = Json<typeof STATISTICS>;
/** Answer of `POST /stats/prune`. */
export type PrunedStatsJson = Json<typeof PRUNED_STATS>;
/** Answer of `GET /mirrors/{id}/stats`. */
export type MirrorStatsJson = Json<typeof MIRROR_STATS>;
/** Answer of `GET /stats/files`. */
export type FileStatsJson = Json<typeof FILE_STATS>;
