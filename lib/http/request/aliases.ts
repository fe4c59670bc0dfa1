/**
 * Symbolic links of the repository as the source scan found them: path of each link → path of the file
 * or directory it stands for, which is free of links.
 */
export type Aliases = ReadonlyMap<string, string>;

/** More links than this on the way to one file are taken for a loop, as the system does. */
const MAX_LINKS = 40;

/**
 * Follows the links on the way to a file.
 *
 * @param aliases the links
 * @param path decoded, clean path
 * @returns the path it stands for; `null` when no link is on the way, or they go in circles
 */
export function resolveAlias(aliases: Aliases, path: string): string | null {
  if (aliases.size === 0) return null;
  let target: string | null = null;
  for (let links = 0; links < MAX_LINKS; links++) {
    const next = followOnce(aliases, target ?? path);
    if (next === null) return target;
    target = next;
  }
  return null;
}

function followOnce(aliases: Aliases, path: string): string | null {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const target = aliases.get(path.slice(0, end));
    if (target === undefined) continue;
    return target === "/" ? path.slice(end) || "/" : target + path.slice(end);
  }
  return null;
}
