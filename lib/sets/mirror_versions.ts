import type { FileCopy, IndexedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { type SetHistory, versionAt } from "../catalog/set_state.ts";

/** What tells one version from another. */
type Version = Pick<FileCopy, "size" | "modTime">;

/** Whether a copy is a version, as exactly as the mirror's times tell. */
export function isVersion(
  copy: Version,
  version: Version,
  { compare, timeZoneOffset, tolerance, lastSuccessfulSyncPrecision }: MirrorRecord,
): boolean {
  if (copy.size !== version.size) return false;
  if (copy.modTime === null || version.modTime === null || compare === "size") return true;
  const precision = Math.max(1, lastSuccessfulSyncPrecision);
  const cut = (time: number): number => Math.floor(time / precision) * precision;
  const difference = cut(copy.modTime + timeZoneOffset) - cut(version.modTime);
  return Math.abs(difference) <= (tolerance ?? 0);
}

/**
 * Finds out whether what a mirror has of a set belongs to one revision: no name has a version that belongs
 * to other revisions only. What is missing is no fault, but for the root; nor is a version that nobody knows.
 *
 * @param mirror the mirror
 * @param root path of the root
 * @param history of the set
 * @param revision the one that the root of the mirror says
 * @param known the root and all names that were changed, as the index has them, with the mirror's copies
 */
export function isWhole(
  mirror: MirrorRecord,
  root: string,
  history: SetHistory,
  revision: number,
  known: ReadonlyMap<string, IndexedFile | null>,
): boolean {
  for (const path of new Set([root, ...history.former.keys()])) {
    const indexed = known.get(path) ?? null;
    const copy = indexed?.copies.find(({ mirrorId }) => mirrorId === mirror.id);
    if (copy === undefined) {
      if (path === root) return false;
      continue;
    }
    const former = history.former.get(path);
    const expected = versionAt(former, indexed!.file, revision);
    if (expected !== null && isVersion(copy, expected, mirror)) continue;
    const others = [...former ?? [], indexed!.file];
    if (path === root || others.some((other) => isVersion(copy, other, mirror))) return false;
  }
  return true;
}
