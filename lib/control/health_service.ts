import type { Store } from "../store/store.ts";
import type { HealthJson } from "./api/daemon_schemas.ts";
import type { Readiness } from "./readiness.ts";

/** How the daemon answers requests. */
export type HttpHealth = HealthJson["http"];

/** What {@linkcode healthOf} asks. */
export interface HealthSources {
  readonly store: Pick<Store, "available" | "countFiles" | "description" | "mirrors" | "trouble">;
  readonly readiness: Pick<Readiness, "lastScan" | "trouble">;
  readonly http: () => Promise<HttpHealth>;
}

/** Tells how the daemon is. Never rejects. */
export async function healthOf({ store, readiness, http }: HealthSources): Promise<HealthJson> {
  const [answering, files, mirrors] = await Promise.all([
    http(),
    store.countFiles().catch(() => null),
    store.mirrors().catch(() => null),
  ]);
  const enabled = mirrors?.filter((mirror) => mirror.enabled) ?? null;
  const { lastScan } = readiness;
  const trouble = readiness.trouble ??
    (answering.alive ? null : "a thread that answers requests hangs");
  return {
    ready: trouble === null,
    well: trouble === null && store.trouble === null,
    trouble: trouble ?? store.trouble,
    http: answering,
    store: { description: store.description, available: store.available },
    source: { files, lastScan: lastScan === null ? null : new Date(lastScan).toISOString() },
    mirrors: {
      enabled: enabled?.length ?? null,
      up: enabled?.filter(({ httpUp, httpsUp }) => httpUp || httpsUp).length ?? null,
    },
  };
}
