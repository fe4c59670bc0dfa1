import { hasRevisions } from "../catalog/file_revision.ts";
import { parseGone } from "../catalog/gone_file.ts";
import { parseHistory } from "../catalog/set_state.ts";
import { SourceTree } from "../catalog/source_tree.ts";
import type { Store } from "../store/store.ts";

/** Files whose former versions are looked up one by one, at most. */
export const MOST_LOOKED_UP = 10_000;

/** Former versions that metadata sets tell of, at most: those beyond count as different. */
export const MOST_FORMER = 500_000;

/** Files that are looked up at once. */
const STEP = 200;

/**
 * Reads what a scan over HTTP asks for by name: the files of the source, and those that left it and stay
 * answerable, which must not be missed; and what they were before, which mirrors may still have.
 *
 * @param store where they are
 * @param isMeant whether a path is asked for at all
 * @throws {StoreUnavailableError}
 */
export async function scanTree(
  store: Pick<Store, "notes" | "revisions" | "sourceFiles">,
  isMeant: (path: string) => boolean,
): Promise<SourceTree> {
  const tree = new SourceTree();
  const revised: string[] = [];
  for await (const batch of store.sourceFiles()) {
    for (const file of batch) {
      if (!isMeant(file.path)) continue;
      tree.add(file);
      if (hasRevisions(file.path) && revised.length < MOST_LOOKED_UP) revised.push(file.path);
    }
  }
  for (const [path, text] of await store.notes.all("gone")) {
    if (!isMeant(path) || tree.find(path) !== null) continue;
    const gone = parseGone(path, text, []);
    if (gone !== null) tree.add(gone.indexed.file);
  }
  addSets(tree, await store.notes.all("set"));
  for (let start = 0; start < revised.length; start += STEP) {
    const paths = revised.slice(start, start + STEP);
    const found = await Promise.all(paths.map((path) => store.revisions(path)));
    found.forEach((revisions, i) => tree.addFormer(paths[i]!, revisions));
  }
  return tree;
}

/** Adds what the names of metadata sets were. @param histories by root */
function addSets(tree: SourceTree, histories: ReadonlyMap<string, string>): void {
  let left = MOST_FORMER;
  for (const text of histories.values()) {
    for (const [path, versions] of parseHistory(text)?.former ?? []) {
      if (tree.find(path) === null) continue;
      const some = versions.filter(({ size }) => size >= 0).reverse().slice(0, left);
      left -= some.length;
      tree.addFormer(path, some);
      if (left === 0) return;
    }
  }
}
