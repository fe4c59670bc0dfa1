import { parseGone } from "../catalog/gone_file.ts";
import { SourceTree } from "../catalog/source_tree.ts";
import type { Store } from "../store/store.ts";

/**
 * Reads what a scan over HTTP asks for by name: the files of the source, and those that left it and stay
 * answerable, which must not be missed.
 *
 * @param store where they are
 * @param isMeant whether a path is asked for at all
 * @throws {StoreUnavailableError}
 */
export async function scanTree(
  store: Pick<Store, "notes" | "sourceFiles">,
  isMeant: (path: string) => boolean,
): Promise<SourceTree> {
  const tree = new SourceTree();
  for await (const batch of store.sourceFiles()) {
    for (const file of batch) if (isMeant(file.path)) tree.add(file);
  }
  for (const [path, text] of await store.notes.all("gone")) {
    if (!isMeant(path) || tree.find(path) !== null) continue;
    const gone = parseGone(path, text, []);
    if (gone !== null) tree.add(gone.indexed.file);
  }
  return tree;
}
