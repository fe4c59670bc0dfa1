/**
 * Tells whether a mirror that carries a part of the tree on purpose carries a path: the longest prefix that
 * matches decides.
 *
 * @param prefixes `/iso/`, or `!/iso/nightly/` for what it does not carry; with such ones alone all else
 *   is carried, and without any everything
 * @param path that begins with a slash
 */
export function carriesPath(prefixes: readonly string[], path: string): boolean {
  let length = -1;
  let carried = true;
  for (let i = 0; i < prefixes.length; i++) {
    const prefix = prefixes[i]!;
    const without = prefix.startsWith("!");
    if (!without && length < 0) carried = false;
    const start = without ? 1 : 0;
    const size = prefix.length - start;
    if (size <= length || !path.startsWith(without ? prefix.slice(1) : prefix)) continue;
    length = size;
    carried = !without;
  }
  return carried;
}

/**
 * Tells whether a mirror that carries a part of the tree on purpose may have anything in a directory, or
 * below it: others need not be looked at.
 *
 * @param prefixes as `carriesPath()` takes them
 * @param directory that begins and ends with a slash
 */
export function mayCarryBelow(prefixes: readonly string[], directory: string): boolean {
  return carriesPath(prefixes, directory) ||
    prefixes.some((prefix) => prefix.startsWith(directory));
}
