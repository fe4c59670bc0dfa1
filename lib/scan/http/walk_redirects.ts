/** What was seen of redirects in one scan. */
export interface RedirectMemory {
  /** The other host that the mirror sends to, if it does. */
  host: string | null;
  /** Whether the mirror itself answered. */
  direct: boolean;
}

/**
 * Whether a redirect of a scan is followed: on the same host to the same path, from HTTP to HTTPS but not
 * back; to another host only if the mirror may redirect, and sends everything there from the first
 * request on. A mirror that redirects now and then would vouch for others.
 *
 * @param start what was asked for
 * @param target where the answer leads; user and password in it are taken away
 * @param below the path below the base URL, encoded
 * @param redirects whether the mirror may redirect
 * @param memory of the scan; changed
 */
export function mayFollow(
  start: URL,
  target: URL,
  below: string,
  redirects: boolean,
  memory: RedirectMemory,
): boolean {
  if (target.protocol !== "https:" && target.protocol !== "http:") return false;
  if (start.protocol === "https:" && target.protocol === "http:") return false;
  target.username = target.password = "";
  const path = decoded(target.pathname);
  if (target.hostname === start.hostname) return path.endsWith(decoded(start.pathname));
  if (!redirects || memory.direct || !path.endsWith(`/${decoded(below)}`)) return false;
  memory.host ??= target.host;
  return memory.host === target.host;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
