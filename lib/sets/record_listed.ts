import type { ListedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { SetView } from "../selection/set_view.ts";
import type { Store } from "../store/store.ts";
import { lookUpAll } from "./look_up_all.ts";

/** Names that are looked up for one set, at most. */
export const MOST_NAMES = 10_000;

/** What {@linkcode recordListed} takes. */
export interface ListedSet {
  readonly store: Pick<Store, "lookup" | "updateCopies">;
  readonly mirror: MirrorRecord;
  readonly set: SetView;
  /** Of the source's files: what is missing in the listing is gone from the mirror. */
  readonly names: readonly string[];
  readonly listed: readonly ListedFile[];
  readonly signal: AbortSignal;
}

/** Writes what a listing of a set's directory showed of the source's files. */
export async function recordListed(
  { store, mirror, set, names, listed, signal }: ListedSet,
): Promise<void> {
  const bound = listed.filter(({ path }) => set.isStable(path)).slice(0, MOST_NAMES);
  const files = new Map(bound.map((file) => [file.path, file]));
  const known = await lookUpAll(store, [...new Set([...names, ...files.keys()])]);
  const changed: ListedFile[] = [];
  const removed: string[] = [];
  for (const [path, indexed] of known) {
    if (indexed === null) continue;
    const file = files.get(path);
    const copy = indexed.copies.find(({ mirrorId }) => mirrorId === mirror.id);
    if (file === undefined) {
      if (copy !== undefined) removed.push(path);
    } else if (copy?.size !== file.size || copy.modTime !== file.modTime) changed.push(file);
  }
  if (changed.length + removed.length === 0) return;
  await store.updateCopies(mirror.id, { changed, removed }, signal);
}
