import type { IndexedFile } from "../catalog/file.ts";
import type { Store } from "../store/store.ts";

/** Names that are looked up at once. */
const STEP = 200;

/** Looks many paths up. @returns what each is; `null`: not in the index */
export async function lookUpAll(
  store: Pick<Store, "lookup">,
  paths: readonly string[],
): Promise<Map<string, IndexedFile | null>> {
  const found = new Map<string, IndexedFile | null>();
  for (let start = 0; start < paths.length; start += STEP) {
    const some = paths.slice(start, start + STEP);
    const files = await Promise.all(some.map((path) => store.lookup(path)));
    some.forEach((path, i) => found.set(path, files[i] ?? null));
  }
  return found;
}
