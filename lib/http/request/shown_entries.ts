import type { DirectoryEntry } from "./repository.ts";

/** Names on one page. */
export const PAGE_ROWS = 20_000;

/** How a list is ordered: by name, or the largest or newest first. */
export type EntryOrder = "name" | "size" | "date";

/** What one page of a directory shows. */
export interface ShownEntries {
  readonly entries: readonly DirectoryEntry[];
  readonly order: EntryOrder;
  /** From 1 on. */
  readonly page: number;
  readonly pages: number;
}

/**
 * Chooses what a page of a directory shows: no names with a dot in front, nothing that is as if it were not
 * there; directories first.
 *
 * @param listed the whole directory
 * @param path path of the directory, as asked for
 * @param excluded whether a path is as if it were not there; `null`: none is
 * @param wish the order that is asked for, and the page
 */
export function shownEntries(
  listed: readonly DirectoryEntry[],
  path: string,
  excluded: ((path: string) => boolean) | null,
  wish: { readonly sort: string; readonly page: number },
): ShownEntries {
  const base = path === "/" ? "" : path;
  const order = wish.sort === "size" || wish.sort === "date" ? wish.sort : "name";
  // Apart, what is in order of names already stays so: then the sort only looks once.
  const directories: DirectoryEntry[] = [];
  const files: DirectoryEntry[] = [];
  for (const entry of listed) {
    const { name, path: real, type } = entry;
    if (name.startsWith(".")) continue;
    if (excluded !== null && (excluded(`${base}/${name}`) || excluded(real))) continue;
    (type === "directory" ? directories : files).push(entry);
  }
  const visible = [...inOrder(order, directories), ...inOrder(order, files)];
  const pages = Math.max(1, Math.ceil(visible.length / PAGE_ROWS));
  const page = Math.min(wish.page, pages);
  const entries = visible.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  return { entries, order, page, pages };
}

function inOrder(order: EntryOrder, entries: DirectoryEntry[]): DirectoryEntry[] {
  const byName = (a: DirectoryEntry, b: DirectoryEntry): number => a.name < b.name ? -1 : 1;
  if (order === "size") return entries.sort((a, b) => b.size - a.size || byName(a, b));
  if (order === "date") {
    return entries.sort((a, b) => (b.modTime ?? 0) - (a.modTime ?? 0) || byName(a, b));
  }
  return entries.sort(byName);
}
