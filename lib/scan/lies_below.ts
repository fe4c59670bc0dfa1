/**
 * Whether a path lies below one of some directories, at any depth. Takes as long however many there are.
 *
 * @param path with a leading slash
 * @param directories with a leading slash and none at the end; an empty one is above everything
 */
export function liesBelow(path: string, directories: ReadonlySet<string>): boolean {
  if (directories.size === 0) return false;
  for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
    if (directories.has(path.slice(0, end))) return true;
    if (end === 0) break;
  }
  return false;
}
