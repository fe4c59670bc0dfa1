import type { Redirect } from "./front.ts";
import type { Change, ServedRequest } from "./logged_server.ts";

/**
 * Tells whether an update failed because of the redirector: its files came from two servers neither of which
 * changed between its requests. A failure at one server, or while one changed, would happen without it, too.
 *
 * @param requests of the update, from the logs of all servers, oldest first
 * @param changes of each server, by name
 */
export function isOurs(
  requests: readonly ServedRequest[],
  changes: ReadonlyMap<string, readonly Change[]>,
): boolean {
  const first = requests[0]?.time ?? 0;
  const last = requests.at(-1)?.time ?? 0;
  const unchanged = new Set(requests.map(({ server }) => server)).values().filter((server) =>
    !changes.get(server)?.some(([from, to]) => from <= last && to >= first)
  );
  return [...unchanged].length > 1;
}

/** How long a client may take from the answer of the redirector to the request there, in milliseconds. */
const ON_THE_WAY = 1000;

/**
 * Tells how long a mirror had been dead when an update was sent there, in milliseconds; below 0: it died while
 * the client was on its way.
 *
 * @param redirects of the update
 * @param deaths of each server, by base URL
 * @returns the longest of them; `null`: it was sent to none that was dead
 */
export function deadFor(
  redirects: readonly Redirect[],
  deaths: ReadonlyMap<string, readonly Change[]>,
): number | null {
  const times = redirects.flatMap(({ time, location }) =>
    [...deaths].filter(([url]) => location.startsWith(url)).flatMap(([, of]) => of)
      .filter(([from, to]) => from <= time + ON_THE_WAY && to >= time)
      .map(([from]) => time - from)
  );
  return times.length === 0 ? null : Math.max(...times);
}
