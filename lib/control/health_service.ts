import type { Store } from "../store/store.ts";
import type { Readiness } from "./readiness.ts";

/** How the daemon answers requests. */
export interface HttpHealth {
  /** For people; empty: nowhere yet. */
  readonly address: string;
  readonly threads: number;
  /** Whether every thread shows signs of life. */
  readonly alive: boolean;
}

/** Answer of `GET /health`. */
export interface HealthJson {
  /** Whether this node should be sent requests. */
  readonly ready: boolean;
  /** What is in the way, in words; `null`: nothing. */
  readonly trouble: string | null;
  readonly http: HttpHealth;
  readonly store: {
    /** For people; without password. */
    readonly description: string;
    readonly available: boolean;
  };
  readonly source: {
    /** `null`: nobody knows now. */
    readonly files: number | null;
    /** When this process scanned it with success; ISO 8601 in UTC. */
    readonly lastScan: string | null;
  };
  readonly mirrors: {
    /** Those that are enabled; `null`: nobody knows now. */
    readonly enabled: number | null;
    /** Those among them that are up on one scheme at least. */
    readonly up: number | null;
  };
}

/** What {@linkcode healthOf} asks. */
export interface HealthSources {
  readonly store: Pick<Store, "available" | "countFiles" | "description" | "mirrors">;
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
    trouble,
    http: answering,
    store: { description: store.description, available: store.available },
    source: { files, lastScan: lastScan === null ? null : new Date(lastScan).toISOString() },
    mirrors: {
      enabled: enabled?.length ?? null,
      up: enabled?.filter(({ httpUp, httpsUp }) => httpUp || httpsUp).length ?? null,
    },
  };
}
