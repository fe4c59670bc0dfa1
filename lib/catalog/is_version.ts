import type { FileCopy } from "./file.ts";
import type { MirrorRecord } from "./mirror_state.ts";

/** What tells one version from another. */
type Version = Pick<FileCopy, "size" | "modTime">;

/** Whether a copy is a version, as exactly as the mirror's times tell. */
export function isVersion(
  copy: Version,
  version: Version,
  { compare, timeZoneOffset, tolerance, lastSuccessfulSyncPrecision }: Pick<
    MirrorRecord,
    "compare" | "lastSuccessfulSyncPrecision" | "timeZoneOffset" | "tolerance"
  >,
): boolean {
  if (copy.size !== version.size) return false;
  if (copy.modTime === null || version.modTime === null || compare === "size") return true;
  const precision = Math.max(1, lastSuccessfulSyncPrecision);
  const cut = (time: number): number => Math.floor(time / precision) * precision;
  const difference = cut(copy.modTime + timeZoneOffset) - cut(version.modTime);
  return Math.abs(difference) <= (tolerance ?? 0);
}
