/**
 * Where a Unix socket is bound that takes the place of one that is being served.
 *
 * @param path where clients find it
 */
export function nextSocketPath(path: string): string {
  return `${path}.next`;
}
