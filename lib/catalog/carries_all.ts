import { type CarriedTree, lackingBelow } from "./carried_tree.ts";
import type { MirrorRecord } from "./mirror_state.ts";

/**
 * Whether a mirror lacks nothing below a directory, by its last scan.
 *
 * @param mirror the mirror
 * @param tree what a scan found of it; `undefined`: nobody knows
 * @param directory path with slashes on both ends
 */
export function carriesAll(
  { lastSuccessfulSync }: Pick<MirrorRecord, "lastSuccessfulSync">,
  tree: CarriedTree | undefined,
  directory: string,
): boolean {
  if (tree === undefined || lastSuccessfulSync === null) return false;
  // Stores that are shared with the original know whole seconds.
  if (Math.floor(tree.scan / 1000) !== Math.floor(lastSuccessfulSync / 1000)) return false;
  return lackingBelow(tree, directory) === 0;
}
