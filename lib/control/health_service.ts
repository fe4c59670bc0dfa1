import type { Config } from "../config/config.ts";
import type { Store } from "../store/store.ts";
import type { GeoipHealthJson, HealthJson } from "./api/daemon_schemas.ts";
import type { RememberedMirrors } from "./mirror_memory.ts";
import { mirrorsHealth } from "./mirrors_health.ts";
import type { Readiness } from "./readiness.ts";

/** How the daemon answers requests. */
export type HttpHealth = HealthJson["http"];

/** What {@linkcode healthOf} asks. */
export interface HealthSources {
  readonly store: Pick<Store, "available" | "countFiles" | "description" | "mirrors" | "trouble">;
  readonly readiness: Pick<Readiness, "lastScan" | "trouble">;
  readonly http: () => Promise<HttpHealth>;
  readonly config: () => Pick<Config, "scanInterval" | "staleAfter">;
  /** What is remembered of the mirrors while the store is away; `null`: nothing. */
  readonly remembered: () => RememberedMirrors | null;
  /** Kinds of addresses that this machine cannot reach, for people; default: none. */
  readonly noRoute?: () => readonly string[];
  /** Nodes of the original that share the store; default: there are none. */
  readonly originals?: () => readonly string[];
  /** How far the hashing of pieces is; `null`: none are hashed; default: none are. */
  readonly pieces?: () => HealthJson["pieces"];
  /** How the GeoIP databases are; default: there are none. */
  readonly geoip?: () => Promise<GeoipHealthJson>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Tells how the daemon is. Never rejects. */
export async function healthOf(sources: HealthSources): Promise<HealthJson> {
  const { store, readiness, http, config, remembered, now, pieces } = sources;
  const { noRoute = () => [], originals = () => [], geoip } = sources;
  const [answering, databases, files, mirrors] = await Promise.all([
    http(),
    geoip?.() ?? { databases: [], warning: null },
    store.countFiles().catch(() => null),
    store.mirrors().then((all) => ({ mirrors: all, asOf: null }), remembered),
  ]);
  const { lastScan } = readiness;
  const trouble = readiness.trouble ??
    (answering.alive ? null : "a thread that answers requests hangs");
  return {
    ready: trouble === null,
    well: trouble === null && store.trouble === null,
    trouble: trouble ?? store.trouble,
    http: answering,
    store: { description: store.description, available: store.available },
    originals: [...originals()],
    source: { files, lastScan: lastScan === null ? null : new Date(lastScan).toISOString() },
    geoip: databases,
    pieces: pieces?.() ?? null,
    mirrors: { ...mirrorsHealth(mirrors, config(), now()), noRoute: [...noRoute()] },
  };
}
