import type { IndexedFile } from "../../lib/catalog/file.ts";

/** Copies what an index answered into plain objects, to be compared; `null` and `undefined` stay. */
export function plainFile<Nothing extends null | undefined>(
  indexed: IndexedFile | Nothing,
): IndexedFile | Nothing {
  return indexed && { file: indexed.file, copies: indexed.copies };
}
