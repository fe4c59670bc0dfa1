import type { ListedFile } from "../catalog/file.ts";
import type { FileTable } from "./file_table.ts";
import { newestFiles } from "./newest_files.ts";

/**
 * Picks files of the source by which a server can be judged: the newest, the largest, and some by chance.
 *
 * @param count how many by chance
 * @param random 0 to 1, exclusive
 * @returns at most so many and two more, none twice; the largest first
 */
export function sourceSample(
  files: FileTable,
  count: number,
  random: () => number,
): ListedFile[] {
  const newest = newestFiles(files, 1);
  let [largest, most, slot] = ["", -1, -1];
  /** Each file is in it with the same chance. */
  const drawn: string[] = [];
  for (const path of files.paths()) {
    const size = files.sizeAt(++slot);
    if (size > most) [largest, most] = [path, size];
    const place = drawn.length < count ? drawn.length : Math.floor(random() * (slot + 1));
    if (place < count) drawn[place] = path;
  }
  const paths = new Set([...(most < 0 ? [] : [largest]), ...newest, ...drawn]);
  return [...paths].map((path) => ({ path, ...files.version(path)! }));
}
