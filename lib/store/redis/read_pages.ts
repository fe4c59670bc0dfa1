import type { FieldValue } from "./file_hash.ts";

/** So many files are read at once: well under 5 ms of Redis' time. */
const PAGE = 250;

/**
 * Walks through a set with what belongs to each member, page by page. Redis may give a member twice
 * when the set shrinks meanwhile: here each comes once.
 *
 * @param read gives a page: the next cursor (`0`: the end), then a path and its fields, again and again
 * @param stride how many values belong to one member, its path included
 * @param parse makes a file of a path and the fields from an index on
 */
export async function* readPages<T>(
  read: (cursor: string, count: number) => Promise<readonly FieldValue[]>,
  stride: number,
  parse: (path: string, fields: readonly FieldValue[], at: number) => T,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let cursor = "0";
  do {
    const page = await read(cursor, PAGE);
    const files: T[] = [];
    for (let i = 1; i < page.length; i += stride) {
      const path = page[i] ?? "";
      if (seen.has(path)) continue;
      seen.add(path);
      files.push(parse(path, page, i + 1));
    }
    cursor = page[0] ?? "0";
    if (files.length > 0) yield files;
  } while (cursor !== "0");
}
