/** What no program should make a part of a name of a file. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const UNFIT = /[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]/gu;

/**
 * Takes the name of a file from its path, as documents give it: programs save a file under that name.
 *
 * @param path decoded path, with a leading slash
 * @returns its base name; what control characters and half characters were is `_`
 */
export function documentName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(UNFIT, "_");
}
