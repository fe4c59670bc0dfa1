import type { IndexedFile } from "../catalog/file.ts";
import { isVersion } from "../catalog/is_version.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { type SetHistory, versionAt } from "../catalog/set_state.ts";

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
