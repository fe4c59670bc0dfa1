import type { FieldValue } from "./file_hash.ts";
import { nextCursor, OddReplyError } from "./reply.ts";

/**
 * Walks through a set with what belongs to each member, page by page; while one is worked on, the next
 * is on its way. Redis may give a member twice when the set shrinks meanwhile: here each comes once.
 *
 * @param read gives a page, a JSON array: the next cursor (`0`: the end), then a path and its fields,
 *   again and again; `false` for a field that is missing
 * @param count how many members a page has, more or less: about 1 ms of Redis' time
 * @param stride how many values belong to one member, its path included
 * @param parse makes a file of a path and the fields from an index on
 */
export async function* readPages<T>(
  read: (cursor: string, count: number) => Promise<string>,
  count: number,
  stride: number,
  parse: (path: string, fields: readonly FieldValue[], at: number) => T,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let cursor = "0";
  let next: Promise<string> | null = read(cursor, count);
  while (next !== null) {
    const text: string = await next;
    // The next one is on its way while this one is read.
    cursor = nextCursor(/^\["(\d+)"/.exec(text)?.[1] ?? "0", cursor);
    next = cursor === "0" ? null : read(cursor, count);
    // It is awaited above; until then, or when nobody asks any more, a failure is not unhandled.
    next?.catch(() => {});
    const page = parsePage(text, stride);
    const files: T[] = [];
    for (let i = 1; i < page.length; i += stride) {
      const path = page[i] || "";
      const before = seen.size;
      if (seen.add(path).size === before) continue;
      files.push(parse(path, page, i + 1));
    }
    if (files.length > 0) yield files;
  }
}

/** @throws OddReplyError */
function parsePage(text: string, stride: number): FieldValue[] {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    throw new OddReplyError("a page", text);
  }
  if (!isPage(page, stride)) throw new OddReplyError("a page", page);
  return page;
}

function isPage(page: unknown, stride: number): page is FieldValue[] {
  if (!Array.isArray(page) || page.length % stride !== 1 % stride) return false;
  // A call for each of them would cost as much as reading them.
  for (const part of page) {
    if (typeof part !== "string" && part !== null && part !== false) return false;
  }
  return true;
}
