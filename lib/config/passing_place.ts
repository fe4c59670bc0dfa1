/**
 * Whether a program lies in npm's cache of packages that are run without being installed: nobody should
 * count on finding it there again.
 *
 * @param executable its path
 */
export function isPassingPlace(executable: string): boolean {
  return executable.includes("/_npx/");
}
