import * as v from "valibot";
import {
  COUNT,
  COUNT_OR_UNKNOWN,
  DAY,
  FLAG,
  ID,
  type Json,
  MILLISECONDS,
  TEXT,
  TEXTS,
  TIME_OR_NEVER,
} from "./parts.ts";

/** What a program is and what it runs on. */
export const VERSION_INFO = v.object({
  version: v.pipe(TEXT, v.description("Without a leading v")),
  deno: TEXT,
  v8: v.pipe(TEXT, v.description("Version of the JavaScript engine")),
  os: TEXT,
  architecture: TEXT,
  cpus: v.pipe(COUNT, v.description("Logical processors")),
});

/** Answer of `GET /health`. */
export const HEALTH = v.object({
  ready: v.pipe(FLAG, v.description("Whether this node should be sent requests")),
  well: v.pipe(FLAG, v.description("Whether nothing is wrong; else the status is 503")),
  trouble: v.pipe(
    v.nullable(TEXT),
    v.description("What is in the way, or wrong though requests are answered; null: nothing"),
  ),
  http: v.object({
    address: v.pipe(TEXT, v.description("Empty: nowhere yet")),
    threads: COUNT,
    alive: v.pipe(FLAG, v.description("Whether every thread shows signs of life")),
    hint: v.pipe(
      v.nullable(TEXT),
      v.description("What deserves a look though nothing is wrong; null: nothing"),
    ),
  }),
  store: v.object({
    description: v.pipe(TEXT, v.description("Without password")),
    available: FLAG,
  }),
  originals: v.pipe(
    TEXTS,
    v.description(
      "Nodes of the original that share the store: they keep newer settings and do not obey them",
    ),
  ),
  source: v.object({
    files: v.pipe(COUNT_OR_UNKNOWN, v.description("null: nobody knows now")),
    lastScan: v.pipe(TIME_OR_NEVER, v.description("When this process scanned it with success")),
  }),
  geoip: v.pipe(
    v.optional(v.object({
      databases: v.array(v.object({
        type: v.pipe(TEXT, v.description("As its maker names it")),
        built: v.pipe(DAY, v.description("When its maker built it")),
      })),
      warning: v.pipe(
        v.nullable(TEXT),
        v.description(
          "What is older than 60 days, or why newer ones cannot be fetched; null: nothing",
        ),
      ),
    })),
    v.description("The databases that tell where clients are; older daemons tell nothing"),
  ),
  pieces: v.pipe(
    v.nullable(v.object({
      hashed: COUNT,
      total: v.pipe(COUNT_OR_UNKNOWN, v.description("null: they are being counted")),
    })),
    v.description(
      "Files that are in the index for long and get hashes of their pieces; null: none",
    ),
  ),
  mirrors: v.object({
    enabled: v.pipe(COUNT_OR_UNKNOWN, v.description("null: nobody knows now")),
    noRoute: v.pipe(
      TEXTS,
      v.description(
        "Kinds of addresses (IPv6) that this node cannot reach, so that it checks none",
      ),
    ),
    up: v.pipe(COUNT_OR_UNKNOWN, v.description("Enabled, and up on one scheme at least")),
    httpOnly: v.pipe(COUNT_OR_UNKNOWN, v.description("Of those, up over HTTP only")),
    httpsOnly: v.pipe(COUNT_OR_UNKNOWN, v.description("Of those, up over HTTPS only")),
    down: COUNT_OR_UNKNOWN,
    unknown: v.pipe(COUNT_OR_UNKNOWN, v.description("Enabled, and not checked yet")),
    stale: v.pipe(COUNT_OR_UNKNOWN, v.description("Enabled, and behind by more than StaleAfter")),
    busy: v.pipe(COUNT_OR_UNKNOWN, v.description("Enabled, with too much to do for an answer")),
    planned: v.pipe(COUNT_OR_UNKNOWN, v.description("Disabled by plan, for a while")),
    disabled: v.pipe(COUNT_OR_UNKNOWN, v.description("Disabled otherwise")),
    furthest: v.pipe(
      v.nullable(v.object({ name: TEXT, lag: MILLISECONDS })),
      v.description("The enabled mirror that is furthest behind; null: none is known to be"),
    ),
    notScanned: v.pipe(TEXTS, v.description("Enabled mirrors that should have been scanned again")),
    asOf: v.pipe(
      TIME_OR_NEVER,
      v.description("When they were like that: the store is away; null: they are so now"),
    ),
  }),
});

/** Answer of `POST /reload`. */
export const RELOADED = v.object({ warnings: TEXTS });

/** Answer of `POST /upgrade`: the process that has taken over. */
export const UPGRADED = v.object({ pid: v.pipe(ID, v.description("ID of the new process")) });

/** What a program is and what it runs on. */
export type VersionInfo = Json<typeof VERSION_INFO>;
/** Answer of `GET /health`. */
export type HealthJson = Json<typeof HEALTH>;
/** How the GeoIP databases are. */
export type GeoipHealthJson = NonNullable<HealthJson["geoip"]>;
/** Answer of `POST /reload`. */
export type ReloadJson = Json<typeof RELOADED>;
/** Answer of `POST /upgrade`. */
export type UpgradeJson = Json<typeof UPGRADED>;

/** Answer of `GET /nodes`. */
export const NODES = v.object({
  cluster: v.pipe(FLAG, v.description("Whether nodes share this store and hear each other")),
  nodes: v.array(v.object({
    name: TEXT,
    self: v.pipe(FLAG, v.description("Whether it is the one that answers")),
    mirrors: v.pipe(TEXTS, v.description("Names of the mirrors that it scans and checks")),
  })),
});

/** Who works on the store. */
export type NodesJson = Json<typeof NODES>;
