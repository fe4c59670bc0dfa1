import type { DownloadBatch, RangedCount } from "../download_counts.ts";
import { BYTES, countryName, DOWNLOADS } from "../../catalog/series_name.ts";

/**
 * Decides which downloads in ranges of a batch count, and adds these to the others.
 *
 * @param remember remembers the client of a download, and tells whether it was remembered already
 * @returns the batch without downloads in ranges; what counts for the day alone stands under the day
 */
export function countRanges(
  batch: DownloadBatch,
  remember: (download: RangedCount) => boolean,
): DownloadBatch {
  const counted = batch.ranged?.filter((download) => !remember(download)) ?? [];
  if (counted.length === 0) return batch;
  const { day } = batch;
  const files = new Map(batch.files);
  const mirrors = new Map(batch.mirrors);
  const hours = new Map([...batch.hours ?? []].map(([hour, counts]) => [hour, new Map(counts)]));
  for (const { path, mirrorId, size, hour = day, country = "" } of counted) {
    files.set(path, (files.get(path) ?? 0) + 1);
    let counts = hours.get(hour);
    if (counts === undefined) hours.set(hour, counts = new Map());
    increase(counts, DOWNLOADS, 1);
    increase(counts, countryName(country), 1);
    if (mirrorId === null) continue;
    increase(counts, BYTES, size);
    const { downloads, bytes } = mirrors.get(mirrorId) ?? { downloads: 0, bytes: 0 };
    mirrors.set(mirrorId, { downloads: downloads + 1, bytes: bytes + size });
  }
  return { day, files, mirrors, hours };
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
