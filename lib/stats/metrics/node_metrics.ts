import { counter, gauge, type LabelledValue, type MetricFamily } from "./metric_family.ts";

/** What is known of this node and its process; `null`: nobody knows. */
export interface NodeFacts {
  /** Nodes on the same store, this one included. */
  readonly nodes: number;
  /** Mirrors that this node scans and checks. */
  readonly mirrors: number | null;
  /** The GeoIP databases in use. */
  readonly databases: readonly {
    /** What it tells: `place`, `network`. */
    readonly role: string;
    /** As the maker names it. */
    readonly type: string;
    /** When it was built, in milliseconds since the epoch. */
    readonly buildTime: number;
  }[];
  readonly version: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Seconds of all processors that the process used. */
  readonly cpuSeconds: number;
  /** Bytes of memory that it has. */
  readonly memory: number;
  /** When it began, in milliseconds since the epoch. */
  readonly started: number;
  /** How many files are open, and may be. */
  readonly descriptors: { readonly lowest: number; readonly limit: number } | null;
}

/** What this node and its process are. */
export function nodeMetrics(facts: NodeFacts): MetricFamily[] {
  const { descriptors } = facts;
  const limit = descriptors !== null && Number.isFinite(descriptors.limit)
    ? descriptors.limit
    : null;
  return [
    gauge("mirrorbits_cluster_nodes", "Nodes on the same store, this one included", [
      [facts.nodes],
    ]),
    gauge("mirrorbits_node_mirrors", "Mirrors that this node scans and checks", [[facts.mirrors]]),
    gauge(
      "mirrorbits_geoip_build_timestamp_seconds",
      "When a GeoIP database that is in use was built",
      facts.databases.map(({ role, type, buildTime }): LabelledValue => [
        buildTime / 1000,
        { role, type },
      ]),
    ),
    gauge("mirrorbits_build_info", "1, with the version of the program and of Deno", [
      [1, { version: facts.version, deno: facts.deno }],
    ]),
    counter("process_cpu_seconds_total", "Processor time that the process used", [
      [facts.cpuSeconds],
    ]),
    gauge("process_resident_memory_bytes", "Memory of the process", [[facts.memory]]),
    gauge("process_start_time_seconds", "When the process began", [[facts.started / 1000]]),
    gauge("process_open_fds", "The lowest file descriptor that is free", [
      [descriptors?.lowest ?? null],
    ]),
    gauge("process_max_fds", "File descriptors that there may be", [[limit]]),
  ];
}
