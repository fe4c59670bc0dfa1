import type { StoreReader } from "../store/store_reader.ts";
import type { FileCount } from "./statistics.ts";
import { type DateRange, periodsOf } from "./date_range.ts";

/**
 * Finds the files that were downloaded most.
 *
 * @param store walked over once
 * @param most so many
 * @param signal ends the walk
 * @param shown which paths may be told of; default: all
 * @returns the most first, then by path
 * @throws StoreUnavailableError
 */
export async function topFiles(
  store: Pick<StoreReader, "allFileDownloads">,
  range: DateRange,
  most: number,
  signal?: AbortSignal,
  shown: (path: string) => boolean = () => true,
): Promise<FileCount[]> {
  if (most === 0) return [];
  let top: FileCount[] = [];
  const cut = (): void => {
    top = top.sort((a, b) => b.downloads - a.downloads || (a.path < b.path ? -1 : 1)).slice(
      0,
      most,
    );
  };
  for await (const batch of store.allFileDownloads(periodsOf(range))) {
    signal?.throwIfAborted();
    for (const [path, downloads] of batch) {
      if (downloads > 0 && shown(path)) top.push({ path, downloads });
      if (top.length >= most + 10_000) cut();
    }
  }
  cut();
  return top;
}
