/**
 * Whether a path lies below one of some directories. Takes as long however many there are.
 *
 * @param path with a leading slash
 * @param directories with a leading slash: at any depth below one without a slash at its end (an empty
 *   one is above everything), directly in one with a slash there
 * @param except directories, without a slash at the end, below which it does not count that another one
 *   lies above them
 */
export function liesBelow(
  path: string,
  directories: ReadonlySet<string>,
  except: ReadonlySet<string> = NONE,
): boolean {
  if (directories.size === 0) return false;
  let end = path.lastIndexOf("/");
  if (end >= 0 && directories.has(path.slice(0, end + 1))) return true;
  for (; end >= 0; end = path.lastIndexOf("/", end - 1)) {
    const directory = path.slice(0, end);
    if (directories.has(directory)) return true;
    if (except.has(directory)) return false;
    if (end === 0) break;
  }
  return false;
}

const NONE: ReadonlySet<string> = new Set();
