import type { FileTable } from "./file_table.ts";

/**
 * Finds the files that changed last.
 *
 * @param count how many, at most
 * @returns their paths, the newest first; files without a time are left out
 */
export function newestFiles(files: FileTable, count: number): string[] {
  /** The newest so far, the oldest of them last. */
  const newest: { readonly path: string; readonly time: number }[] = [];
  let slot = -1;
  for (const path of files.paths()) {
    const time = files.modTimeAt(++slot);
    if (time === null || (newest.length >= count && time <= newest.at(-1)!.time)) continue;
    let at = newest.length;
    while (at > 0 && newest[at - 1]!.time < time) at--;
    newest.splice(at, 0, { path, time });
    if (newest.length > count) newest.pop();
  }
  return newest.map(({ path }) => path);
}
