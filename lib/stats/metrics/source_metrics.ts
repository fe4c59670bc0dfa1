import { gauge, type MetricFamily } from "./metric_family.ts";

/** What is known of the repository; `null`: nobody knows. */
export interface SourceFacts {
  /** Files in the index. */
  readonly files: number | null;
  /** Size of all files together, as the last scan by this node found it. */
  readonly bytes: number | null;
  /** Seconds that the last scan by this node took. */
  readonly scanSeconds: number | null;
  /** When this node last scanned it with success, in milliseconds since the epoch. */
  readonly lastScan: number | null;
  /** Bytes that are still to be hashed. */
  readonly queueBytes: number;
}

/** How the repository is. */
export function sourceMetrics(
  { files, bytes, scanSeconds, lastScan, queueBytes }: SourceFacts,
): MetricFamily[] {
  return [
    gauge("mirrorbits_source_files", "Files in the index", [[files]]),
    gauge(
      "mirrorbits_source_bytes",
      "Size of all files, as the last scan by this node found it",
      [[bytes]],
    ),
    gauge(
      "mirrorbits_source_scan_seconds",
      "How long the last scan of the repository by this node took",
      [[scanSeconds]],
    ),
    gauge(
      "mirrorbits_source_last_scan_timestamp_seconds",
      "When this node last scanned the repository with success",
      [[lastScan === null ? null : lastScan / 1000]],
    ),
    gauge(
      "mirrorbits_hash_queue_bytes",
      "Bytes of the repository that are still to be hashed",
      [[queueBytes]],
    ),
  ];
}
