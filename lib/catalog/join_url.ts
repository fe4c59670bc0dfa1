/**
 * Puts a path below a base URL.
 *
 * @param base base URL, with or without a trailing slash
 * @param encodedPath path as `encodePath()` gives it, with or without a leading slash
 * @returns the URL, with exactly one slash between the two
 */
export function joinUrl(base: string, encodedPath: string): string {
  const path = encodedPath.startsWith("/") ? encodedPath.slice(1) : encodedPath;
  return base.endsWith("/") ? base + path : `${base}/${path}`;
}
