import type { Daemon } from "../support/daemon.ts";
import { askRaw } from "../support/raw_request.ts";
import { CLIENTS } from "./places.ts";

/**
 * Asks a daemon for a file from America.
 *
 * @returns by mirror why it does not serve, or `serves`; only `status` when the answer is no decision
 */
export async function decisionOf(daemon: Daemon, path: string): Promise<Record<string, string>> {
  const headers = { "X-Forwarded-For": CLIENTS.us.address, Accept: "application/json" };
  const { status, body } = await askRaw(daemon.address, { target: path, headers });
  if (status !== 200) return { status: `${status}` };
  const { MirrorList, ExcludedList } = JSON.parse(body);
  return Object.fromEntries(
    [...MirrorList, ...ExcludedList ?? []].map((mirror) => [
      mirror.Name,
      mirror.ExcludeReason ?? "serves",
    ]),
  );
}
