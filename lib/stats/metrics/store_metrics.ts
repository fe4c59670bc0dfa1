import type { RequestTotals } from "../request_totals.ts";
import type { TalliedTimes } from "../tallied_requests.ts";
import { counter, gauge, histogram, type MetricFamily } from "./metric_family.ts";

/** What is known of the store. */
export interface StoreFacts {
  /** Which one it is. */
  readonly store: "embedded" | "redis";
  readonly up: boolean;
  /** Calls of the control thread. */
  readonly times: TalliedTimes;
  /** Calls of the control thread that failed. */
  readonly failed: number;
  /** What the HTTP threads remember of files, all together. */
  readonly cache: { readonly entries: number; readonly bytes: number };
}

/** How the store is, and what is remembered of it. */
export function storeMetrics(
  { store, up, times, failed, cache }: StoreFacts,
  totals: Pick<RequestTotals, "cache" | "lookups">,
): MetricFamily[] {
  const labels = { store };
  const { lookups } = totals;
  return [
    gauge("mirrorbits_store_up", "Whether the store could be reached last time", [
      [up ? 1 : 0, labels],
    ]),
    histogram(
      "mirrorbits_store_seconds",
      "Time of calls of the store, by the thread that made them",
      [[times, { ...labels, thread: "control" }], [lookups.times, { ...labels, thread: "http" }]],
    ),
    counter("mirrorbits_store_errors_total", "Calls of the store that failed", [
      [failed + lookups.failed, labels],
    ]),
    counter(
      "mirrorbits_cache_hits_total",
      "Questions for a file that the memory of a thread could answer",
      [[totals.cache.hits, labels]],
    ),
    counter(
      "mirrorbits_cache_misses_total",
      "Questions for a file that the store had to answer",
      [[totals.cache.misses, labels]],
    ),
    gauge("mirrorbits_cache_entries", "Files that the threads remember", [
      [cache.entries, labels],
    ]),
    gauge("mirrorbits_cache_bytes", "What they take, partly estimated", [
      [cache.bytes, labels],
    ]),
  ];
}
