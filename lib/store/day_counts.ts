import { BYTES, DOWNLOADS } from "../catalog/series_name.ts";
import type { DownloadBatch } from "./download_counts.ts";

/** What a batch of a version that did not count by name is to count for its day, without hours and countries. */
export function dayCounts({ files, mirrors }: DownloadBatch): Map<string, number> {
  const downloads = [...files.values()].reduce((sum, count) => sum + count, 0);
  const bytes = [...mirrors.values()].reduce((sum, count) => sum + count.bytes, 0);
  return new Map([[DOWNLOADS, downloads], [BYTES, bytes]]);
}
