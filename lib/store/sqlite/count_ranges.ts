import type { DownloadBatch, RangedCount } from "../store.ts";

/**
 * Decides which downloads in ranges of a batch count, and adds these to the others.
 *
 * @param remember remembers the client of a download, and tells whether it was remembered already
 * @returns the batch without downloads in ranges
 */
export function countRanges(
  batch: DownloadBatch,
  remember: (download: RangedCount) => boolean,
): DownloadBatch {
  const counted = batch.ranged?.filter((download) => !remember(download)) ?? [];
  if (counted.length === 0) return batch;
  const files = new Map(batch.files);
  const mirrors = new Map(batch.mirrors);
  for (const { path, mirrorId, size } of counted) {
    files.set(path, (files.get(path) ?? 0) + 1);
    if (mirrorId === null) continue;
    const { downloads, bytes } = mirrors.get(mirrorId) ?? { downloads: 0, bytes: 0 };
    mirrors.set(mirrorId, { downloads: downloads + 1, bytes: bytes + size });
  }
  return { day: batch.day, files, mirrors };
}
