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
