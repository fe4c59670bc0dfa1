import type { ListedFile } from "../../lib/catalog/file.ts";
import type { Listing } from "../../lib/scan/lister.ts";

/** Names that every way of listing must bring home unharmed. */
export const ODD_NAMES: readonly string[] = [
  "plain.txt",
  "a b/sp ace.txt",
  " leading and trailing ",
  "100%.txt",
  "pct%41",
  "hash#tag",
  "plus+plus",
  "question?mark",
  "ünïcodé-日本/ü.txt",
  "back\\slash",
  ".hidden",
];

/**
 * Fills a directory with files of odd names, a large one, and what no listing should show.
 *
 * @param names of files of three bytes
 * @param time milliseconds since the epoch
 * @returns what a listing shows, by path
 */
export async function writeOddFiles(
  root: string,
  names: readonly string[],
  time: number,
): Promise<ListedFile[]> {
  for (const name of names) await writeFile(root, name, 3, time);
  await writeFile(root, "big", 1_234_567, time);
  await writeFile(root, ".~tmp~/partial", 3, time);
  await writeFile(root, "a b/.~tmp~/partial", 3, time);
  await Deno.symlink("plain.txt", `${root}/link`);
  const files = names.map((name) => ({ path: `/${name}`, size: 3, modTime: time }));
  return [...files, { path: "/big", size: 1_234_567, modTime: time }].sort(byPath);
}

/**
 * Writes a file with its directories.
 *
 * @param path below the root
 * @param time milliseconds since the epoch
 */
export async function writeFile(
  root: string,
  path: string,
  size: number,
  time: number,
): Promise<void> {
  const file = `${root}/${path}`;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(file, new Uint8Array(size));
  await Deno.utime(file, new Date(time), new Date(time));
}

/** Lists to the end. @returns the files by path */
export async function collect({ files }: Listing): Promise<ListedFile[]> {
  const all: ListedFile[] = [];
  for await (const batch of files) all.push(...batch);
  return all.sort(byPath);
}

function byPath(a: ListedFile, b: ListedFile): number {
  return a.path < b.path ? -1 : 1;
}
