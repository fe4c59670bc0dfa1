import type { Store } from "../store/store.ts";
import type { PieceWishes } from "./hash_wishes.ts";

/** Files that are pruned at once. */
const STEP = 500;

/**
 * Removes hashes of pieces that the configuration does not ask for any more, and what zsync needs.
 *
 * @param store where they are
 * @param wanted what is asked for; `null`: nothing
 * @returns of how many files something was removed
 * @throws {StoreUnavailableError}
 */
export async function prunePieces(
  store: Pick<Store, "pieceStamps" | "removePieces">,
  wanted: PieceWishes | null,
): Promise<number> {
  const all = new Set<string>();
  const zsync = new Set<string>();
  for await (const stamps of store.pieceStamps()) {
    for (const stamp of stamps) {
      if (wanted === null || stamp.size < wanted.minSize) all.add(stamp.path);
      else if (stamp.zsync && !wanted.zsync) zsync.add(stamp.path);
    }
  }
  for (const [paths, only] of [[[...all]], [[...zsync], "zsync"]] as const) {
    for (let i = 0; i < paths.length; i += STEP) {
      await store.removePieces(paths.slice(i, i + STEP), only);
    }
  }
  return all.size + zsync.size;
}
