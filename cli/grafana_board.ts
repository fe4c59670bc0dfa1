/** A panel: its title, its queries with what each is called, and the unit of its values. */
interface Panel {
  readonly title: string;
  readonly queries: readonly (readonly [query: string, legend: string])[];
  /** As Grafana names it; default: a number. */
  readonly unit?: string;
  /** Default: a curve. */
  readonly type?: "stat" | "timeseries";
}

const RATE = "[$__rate_interval]";

function quantile(part: number, metric: string, by: string): string {
  return `histogram_quantile(${part}, sum by (le, ${by}) (rate(${metric}_bucket${RATE})))`;
}

/** What the board shows, two beside each other. */
const PANELS: readonly Panel[] = [
  {
    title: "Mirrors up",
    type: "stat",
    queries: [[
      'sum(max by (mirror) (mirrorbits_mirror_up{family="any"}))',
      "up",
    ], ["count(max by (mirror) (mirrorbits_mirror_info))", "all"]],
  },
  {
    title: "Redirects that lead to a fallback",
    type: "stat",
    unit: "percentunit",
    queries: [[
      `sum(rate(mirrorbits_requests_total{answer="fallback"}${RATE})) / sum(rate(mirrorbits_requests_total{answer=~"redirect|fallback"}${RATE}))`,
      "share",
    ]],
  },
  {
    title: "Requests by answer",
    unit: "reqps",
    queries: [[`sum by (answer) (rate(mirrorbits_requests_total${RATE})) > 0`, "{{answer}}"]],
  },
  {
    title: "Time to an answer",
    unit: "s",
    queries: [
      [quantile(0.5, "mirrorbits_request_seconds", "kind"), "{{kind}}, half"],
      [quantile(0.99, "mirrorbits_request_seconds", "kind"), "{{kind}}, 99 %"],
    ],
  },
  {
    title: "Redirects by mirror",
    unit: "reqps",
    queries: [[
      `topk(20, sum by (mirror) (rate(mirrorbits_redirects_total${RATE})))`,
      "{{mirror}}",
    ]],
  },
  {
    title: "Bytes by mirror",
    unit: "Bps",
    queries: [[`topk(20, sum by (mirror) (rate(mirrorbits_bytes_total${RATE})))`, "{{mirror}}"]],
  },
  {
    title: "Clients by continent",
    unit: "reqps",
    queries: [[`sum by (continent) (rate(mirrorbits_clients_total${RATE}))`, "{{continent}}"]],
  },
  {
    title: "Why mirrors are left out",
    unit: "cps",
    queries: [[`sum by (reason) (rate(mirrorbits_excluded_total${RATE})) > 0`, "{{reason}}"]],
  },
  {
    title: "Mirrors up by continent",
    queries: [[
      'sum by (continent) (max by (continent, mirror) (mirrorbits_mirror_info * on (job, instance, mirror) group_left () max by (job, instance, mirror) (mirrorbits_mirror_up{family="any"})))',
      "{{continent}}",
    ]],
  },
  {
    title: "How far mirrors are behind",
    unit: "s",
    queries: [["max by (mirror) (mirrorbits_mirror_lag_seconds)", "{{mirror}}"]],
  },
  {
    title: "Since when mirrors were last scanned",
    unit: "s",
    queries: [[
      "time() - max by (mirror) (mirrorbits_mirror_last_scan_timestamp_seconds)",
      "{{mirror}}",
    ]],
  },
  {
    title: "Time of scans and checks",
    unit: "s",
    queries: [
      ["topk(20, max by (mirror) (mirrorbits_mirror_scan_seconds))", "scan of {{mirror}}"],
      ["topk(20, max by (mirror) (mirrorbits_mirror_check_seconds))", "check of {{mirror}}"],
    ],
  },
  {
    title: "Repository: files",
    queries: [["max(mirrorbits_source_files)", "files"]],
  },
  {
    title: "Repository: last scan, and what is to be hashed",
    queries: [
      ["time() - max(mirrorbits_source_last_scan_timestamp_seconds)", "seconds ago"],
      ["max(mirrorbits_hash_queue_bytes)", "bytes to hash"],
    ],
  },
  {
    title: "Calls of the store",
    unit: "s",
    queries: [[quantile(0.99, "mirrorbits_store_seconds", "thread"), "{{thread}}, 99 %"]],
  },
  {
    title: "Store: files found in memory, and calls that failed",
    queries: [
      [
        `sum(rate(mirrorbits_cache_hits_total${RATE})) / (sum(rate(mirrorbits_cache_hits_total${RATE})) + sum(rate(mirrorbits_cache_misses_total${RATE})))`,
        "share in memory",
      ],
      [`sum(rate(mirrorbits_store_errors_total${RATE}))`, "failures a second"],
    ],
  },
  {
    title: "How late threads are",
    unit: "s",
    queries: [[
      "max by (instance, thread) (mirrorbits_thread_lag_seconds)",
      "{{instance}} {{thread}}",
    ]],
  },
  {
    title: "What waits",
    queries: [
      ["sum by (instance) (mirrorbits_counter_queue)", "{{instance}}, downloads to count"],
      ["max(mirrorbits_notify_queue)", "messages"],
    ],
  },
  {
    title: "Processor",
    unit: "percentunit",
    queries: [[
      `rate(process_cpu_seconds_total{job="$job"}${RATE})`,
      "{{instance}}",
    ]],
  },
  {
    title: "Memory",
    unit: "bytes",
    queries: [
      ['process_resident_memory_bytes{job="$job"}', "{{instance}}"],
      [
        "sum by (instance, thread) (mirrorbits_thread_heap_bytes)",
        "{{instance}}, heap of {{thread}}",
      ],
    ],
  },
];

const WIDTH = 12;
const HEIGHT = 8;

/**
 * A board for Grafana over the metrics of the daemon, to be imported: it asks for the Prometheus, and for
 * the name of the scrape job.
 */
export function grafanaBoard(): object {
  const datasource = { type: "prometheus", uid: "${datasource}" };
  return {
    title: "Mirrorbits",
    uid: "mirrorbits",
    schemaVersion: 39,
    editable: true,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    tags: ["mirrorbits"],
    templating: {
      list: [
        { name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" },
        {
          name: "job",
          type: "query",
          label: "Job",
          datasource,
          query: { query: "label_values(mirrorbits_build_info, job)", refId: "job" },
          refresh: 1,
        },
      ],
    },
    panels: PANELS.map(({ title, queries, unit = "short", type = "timeseries" }, index) => ({
      id: index + 1,
      title,
      type,
      datasource,
      gridPos: {
        x: index % 2 * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: queries.map(([expr, legendFormat], query) => ({
        refId: "ABC"[query],
        datasource,
        expr,
        legendFormat,
      })),
    })),
  };
}
