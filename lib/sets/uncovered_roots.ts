import { type SetRule, SetRules } from "../catalog/set_rule.ts";

/** Names of files that are the roots of ready-made sets, wherever they lie. */
const ROOTS: readonly (readonly [ready: string, name: RegExp])[] = [
  ["apt", /\/InRelease$/],
  ["rpm", /\/repodata\/repomd\.xml$/],
  ["alpine", /\/APKINDEX\.tar\.gz$/],
  ["arch", /\.db(?:\.tar\.(?:gz|xz|zst))?$/],
];

/**
 * Finds package metadata that no metadata set keeps together.
 *
 * @param paths of the source's files
 * @param rules of the configuration
 * @returns a sentence for each kind, for the log
 */
export function uncoveredRoots(paths: Iterable<string>, rules: readonly SetRule[]): string[] {
  const sets = new SetRules(rules);
  const found = new Map<string, { readonly first: string; count: number }>();
  for (const path of paths) {
    const [ready] = ROOTS.find(([, name]) => name.test(path)) ?? [];
    if (ready === undefined || sets.rootOf(path) !== null) continue;
    const known = found.get(ready);
    if (known === undefined) found.set(ready, { first: path, count: 1 });
    else known.count++;
  }
  return [...found].map(([ready, { first, count }]) => {
    const more = count === 1 ? "" : ` and ${count - 1} more`;
    return `No metadata set covers ${first}${more}: clients may get files that do not fit together. ` +
      `"MetadataSets: [${ready}]" prevents that (mirrorbits help content)`;
  });
}
