import { truncateTime } from "../catalog/truncate_time.ts";
import type { IndexedFile } from "../catalog/file.ts";

/** Files that are compared, at most. */
export const TIME_ZONE_SAMPLE = 100;

const AT_LEAST = 10;
const SHARE_OF_SAMPLE = 0.5;
const AGREEMENT = 0.9;

/**
 * Finds out by how much all times of a mirror are off: a server that lists local time as if it were UTC.
 *
 * @param mirrorId whose copies are compared
 * @param sample random files that the source and the mirror have, {@linkcode TIME_ZONE_SAMPLE} at most
 * @param precision resolution of the mirror's times in milliseconds
 * @returns milliseconds to add to the mirror's times; `null` when the files do not tell
 */
export function detectTimeZoneOffset(
  mirrorId: number,
  sample: readonly IndexedFile[],
  precision: number,
): number | null {
  const votes = new Map<number, number>();
  let compared = 0;
  for (const { file, copies } of sample) {
    const copy = copies.find((candidate) => candidate.mirrorId === mirrorId);
    if (copy === undefined || copy.size !== file.size) continue;
    if (copy.modTime === null || file.modTime === null) continue;
    const offset = truncateTime(file.modTime, precision) - truncateTime(copy.modTime, precision);
    votes.set(offset, (votes.get(offset) ?? 0) + 1);
    compared++;
  }
  if (compared < AT_LEAST || compared < sample.length * SHARE_OF_SAMPLE) return null;
  for (const [offset, count] of votes) if (count >= compared * AGREEMENT) return offset;
  return null;
}
