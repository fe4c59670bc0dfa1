import * as v from "valibot";
import {
  COUNT,
  COUNT_OR_UNKNOWN,
  FLAG,
  type Json,
  MILLISECONDS,
  PROTOCOL,
  TEXT,
  TEXTS,
} from "./parts.ts";

/** Seconds: timers of the runtime wait no longer. */
const LONGEST_TIMEOUT = 2_147_483;

const TIMEOUT = `a number of seconds above 0 and at most ${LONGEST_TIMEOUT}`;

/** How a mirror is to be scanned. */
export const MIRROR_SCAN_REQUEST = v.looseObject({
  protocol: v.pipe(
    v.optional(v.nullable(PROTOCOL), null),
    v.description("null: by rsync, by FTP if that fails, over HTTP as HTTPScan says"),
  ),
  enable: v.pipe(v.optional(FLAG, false), v.description("Enable it when the scan succeeds")),
  full: v.pipe(v.optional(FLAG, false), v.description("Over HTTP: look at everything")),
  timeout: v.pipe(
    v.optional(
      v.nullable(
        v.pipe(v.number(TIMEOUT), v.gtValue(0, TIMEOUT), v.maxValue(LONGEST_TIMEOUT, TIMEOUT)),
      ),
      null,
    ),
    v.description("Seconds after which the scan is given up; null: never"),
  ),
});

/** How the source repository is to be scanned. */
export const SOURCE_SCAN_REQUEST = v.looseObject({
  rehash: v.pipe(v.optional(FLAG, false), v.description("Compute every hash again")),
  force: v.pipe(v.optional(FLAG, false), v.description("Accept an empty repository")),
  prunePieces: v.pipe(
    v.optional(FLAG, false),
    v.description("First remove hashes of pieces that the configuration does not ask for"),
  ),
  forgetRevisions: v.pipe(
    v.optional(v.nullable(TEXT), null),
    v.description("Then forget the former versions of a repomd.xml; null: of none"),
  ),
});

/** How far a scan is. */
export const SCAN_PROGRESS = v.object({
  phase: v.picklist(["listing", "hashing", "writing"]),
  files: COUNT,
  total: COUNT_OR_UNKNOWN,
  walk: v.pipe(
    v.exactOptional(v.object({ directories: COUNT, total: COUNT, probes: COUNT })),
    v.description("Over HTTP: directories so far, of how many, and files asked for one by one"),
  ),
  path: v.pipe(v.exactOptional(TEXT), v.description("The file that is read now")),
  bytes: v.pipe(v.exactOptional(COUNT), v.description("Read so far")),
  totalBytes: v.pipe(v.exactOptional(COUNT), v.description("To read")),
});

/** What a mirror scan found, and whether the mirror was enabled after it. */
export const MIRROR_SCAN_RESULT = v.object({
  protocol: PROTOCOL,
  indexed: COUNT,
  known: COUNT,
  removed: COUNT,
  timeZoneOffset: MILLISECONDS,
  timeZoneUnknown: v.pipe(
    v.exactOptional(v.literal(true)),
    v.description("The files did not tell the time-zone offset"),
  ),
  warnings: TEXTS,
  enabled: FLAG,
});

/** What a source scan found, as far as operators ask. */
export const SOURCE_SCAN_RESULT = v.object({
  files: COUNT,
  changed: COUNT,
  removed: COUNT,
  hashed: COUNT,
  bytes: COUNT,
  pruned: v.pipe(
    v.exactOptional(COUNT),
    v.description("Files whose hashes of pieces were removed, where that was asked for"),
  ),
  forgotten: v.pipe(
    v.exactOptional(COUNT),
    v.description("Former versions that were forgotten, where that was asked for"),
  ),
  outside: v.pipe(TEXTS, v.description("Symbolic links that lead out of the repository")),
  warnings: TEXTS,
});

/** How a mirror is to be scanned. */
export type MirrorScanRequest =
  & Pick<
    Json<typeof MIRROR_SCAN_REQUEST>,
    "protocol" | "enable" | "timeout"
  >
  & Partial<Pick<Json<typeof MIRROR_SCAN_REQUEST>, "full">>;
/** How the source repository is to be scanned. */
export type SourceScanRequest =
  & Pick<Json<typeof SOURCE_SCAN_REQUEST>, "rehash" | "force">
  & Partial<Pick<Json<typeof SOURCE_SCAN_REQUEST>, "prunePieces" | "forgetRevisions">>;
/** What a mirror scan found, and whether the mirror was enabled after it. */
export type MirrorScanOutcome = Json<typeof MIRROR_SCAN_RESULT>;
/** What a source scan found, as far as operators ask. */
export type SourceScanOutcome = Json<typeof SOURCE_SCAN_RESULT>;

/** Names a path of the repository. */
export const PATH_REQUEST = v.object({
  path: v.pipe(TEXT, v.description("Path in the repository, with a leading slash")),
});

/** What came of forgetting a file. */
export const FORGOTTEN = v.object({
  forgotten: v.pipe(FLAG, v.description("Whether anything was kept of it")),
});
