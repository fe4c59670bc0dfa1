/**
 * Says by rsync's own rules what a mirror carries on purpose, so that the server lists nothing else. A
 * listing may still show more: a directory by itself, or a name that no pattern can be told from.
 *
 * @param prefixes as `carriesPath()` takes them
 * @returns arguments of rsync, in the order that counts: the first rule that matches decides
 */
export function rsyncFilters(prefixes: readonly string[]): string[] {
  const wanted = prefixes.filter((prefix) => !prefix.startsWith("!"));
  // rsync looks into no directory that is left out.
  const above = new Set(wanted.flatMap(directoriesAbove));
  const longest = prefixes
    .map((prefix) => ({ path: prefix.replace(/^!/, ""), sign: prefix.startsWith("!") ? "-" : "+" }))
    .toSorted((a, b) => b.path.length - a.path.length);
  const rules = [
    ...[...above].map((path) => `+ ${literal(path)}`),
    ...longest.flatMap(({ sign, path }) => patternsBelow(path).map((one) => `${sign} ${one}`)),
    ...(wanted.length > 0 ? ["- *"] : []),
  ];
  return rules.map((rule) => `--filter=${rule}`);
}

/** The directories that lead to what begins so, each with a slash at its end. */
function directoriesAbove(prefix: string): string[] {
  const directories: string[] = [];
  for (let end = prefix.indexOf("/", 1); end >= 0; end = prefix.indexOf("/", end + 1)) {
    directories.push(prefix.slice(0, end + 1));
  }
  return directories;
}

/** Patterns of everything that begins so. */
function patternsBelow(prefix: string): string[] {
  const text = escaped(prefix);
  // The directory itself stands for nothing: only files are counted.
  return prefix.endsWith("/") ? [`${text}**`] : [`${text}*`, `${text}*/**`];
}

/** A pattern with no wildcard in it; only where there is one, rsync knows a backslash. */
function literal(path: string): string {
  return /[*?[]/.test(path) ? escaped(path) : path;
}

function escaped(path: string): string {
  return path.replaceAll(/[*?[\\]/g, "\\$&");
}
