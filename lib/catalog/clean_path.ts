/** A segment that a clean path cannot have: empty, `.` or `..`; also a slash at the end. */
const UNCLEAN = /\/(?:\.{0,2}(?:\/|$))/;

/**
 * Whether a path is absolute and needs no cleaning: no segment of it is empty, `.` or `..`, and it
 * does not end with a slash. The root `/` is clean.
 *
 * @param path decoded path
 * @returns whether `cleanPath(path) === path`
 */
export function isClean(path: string): boolean {
  return path === "/" || path.startsWith("/") && !UNCLEAN.test(path);
}

/**
 * Makes a path absolute and removes what does not name anything: empty and `.` segments, a slash at
 * the end, and `..` together with the segment before it. Above the root is the root.
 *
 * @param path decoded path; without a leading slash it is taken from the root
 * @returns the shortest path that names the same place, always with a leading slash
 */
export function cleanPath(path: string): string {
  if (isClean(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return "/" + kept.join("/");
}
