import process from "node:process";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { LoadedDatabases } from "../geoip/load_databases.ts";
import type { MetricFamily } from "../stats/metrics/metric_family.ts";
import { mirrorMetrics, type MirrorMetricsOptions } from "../stats/metrics/mirror_metrics.ts";
import { nodeMetrics } from "../stats/metrics/node_metrics.ts";
import { requestMetrics } from "../stats/metrics/request_metrics.ts";
import { type SourceFacts, sourceMetrics } from "../stats/metrics/source_metrics.ts";
import { type StoreFacts, storeMetrics } from "../stats/metrics/store_metrics.ts";
import { type ThreadFacts, threadMetrics } from "../stats/metrics/thread_metrics.ts";
import type { RequestTotals } from "../stats/request_totals.ts";
import type { DescriptorCount } from "../upgrade/descriptors.ts";
import { VERSION } from "../version.ts";

/** What the control side of a store knows for the metrics. */
export interface ControlFacts extends Pick<MirrorMetricsOptions, "work" | "ratios"> {
  /** Every mirror; `null`: nobody knows any. */
  readonly mirrors: readonly MirrorRecord[] | null;
  readonly source: SourceFacts;
  readonly store: Omit<StoreFacts, "cache">;
  readonly counterQueue: number;
  readonly notifyQueue: number | null;
  /** Nodes on the same store, this one included. */
  readonly nodes: number;
  /** Mirrors of this node; `null`: nobody knows. */
  readonly ownMirrors: number | null;
}

/** Everything that the metrics tell of. */
export interface MetricsFacts extends Pick<ThreadFacts, "http" | "restarts"> {
  readonly config: Pick<Config, "checkInterval" | "metricsCountries">;
  readonly totals: RequestTotals;
  /** `null`: there is no control side now. */
  readonly control: ControlFacts | null;
  /** Milliseconds by which the control thread was late at most. */
  readonly lag: number;
  readonly databases: LoadedDatabases | null;
  readonly descriptors: DescriptorCount | null;
  /** When the process began, in milliseconds since the epoch. */
  readonly started: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The metrics of this process.
 *
 * @param facts what they tell of
 */
export function metricFamilies(facts: MetricsFacts): MetricFamily[] {
  const { config, totals, control, http, now } = facts;
  const named = (control?.mirrors ?? []).toSorted((a, b) => a.id - b.id)
    .filter(({ id }) => totals.named.has(id));
  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const measured = http.filter((one) => typeof one !== "number");
  const cache = {
    entries: measured.reduce((sum, one) => sum + one.cache.entries, 0),
    bytes: measured.reduce((sum, one) => sum + one.cache.bytes, 0),
  };
  const databases = Object.entries(facts.databases ?? {}).flatMap(([role, database]) =>
    database === null ? [] : [{ role, type: database.type, buildTime: database.buildTime }]
  );
  return [
    ...requestMetrics(totals, names, config.metricsCountries),
    ...threadMetrics({
      ...{ http, restarts: facts.restarts, control: { lag: facts.lag, heap: heapUsed } },
      counterQueue: control?.counterQueue ?? 0,
      notifyQueue: control?.notifyQueue ?? null,
    }),
    ...(control === null ? [] : [
      ...mirrorMetrics(named, { now, checkInterval: config.checkInterval, ...control }),
      ...sourceMetrics(control.source),
      ...storeMetrics({ ...control.store, cache }, totals),
    ]),
    ...nodeMetrics({
      nodes: control?.nodes ?? 1,
      mirrors: control?.ownMirrors ?? null,
      databases,
      version: VERSION,
      deno: Deno.version.deno,
      cpuSeconds: (user + system) / 1_000_000,
      memory: rss,
      ...{ started: facts.started, descriptors: facts.descriptors },
    }),
  ];
}
