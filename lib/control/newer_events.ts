import type { MirrorEvent } from "../catalog/mirror_event.ts";
import type { Store } from "../store/store.ts";
import { createHash } from "../worker/late_builtins.ts";
import type { NewerEventsJson } from "./api/event_schema.ts";
import { eventToJson } from "./event_json.ts";

/** Mirrors that are looked at at once. */
const AT_ONCE = 50;

/**
 * Finds the mirrors that have other events than somebody knows. Of the others, only the newest event is read.
 *
 * @param store that has them
 * @param known ID → tag of the newest event that is known
 * @param limit events of each mirror at most
 */
export async function newerEvents(
  store: Pick<Store, "events" | "mirrors">,
  known: ReadonlyMap<string, string>,
  limit: number,
): Promise<NewerEventsJson[]> {
  const mirrors = await store.mirrors();
  const newer: NewerEventsJson[] = [];
  for (let start = 0; start < mirrors.length; start += AT_ONCE) {
    await Promise.all(
      mirrors.slice(start, start + AT_ONCE).map(async ({ id, name }) => {
        const last = known.get(`${id}`);
        if (last !== undefined && tagOf(await store.events(id, 1)) === last) return;
        const events = await store.events(id, Math.max(1, limit));
        newer.push({ id, name, tag: tagOf(events), events: events.map(eventToJson) });
      }),
    );
  }
  return newer;
}

/** Stands for the newest event; empty: there is none. */
function tagOf(events: readonly MirrorEvent[]): string {
  const newest = events.at(-1);
  if (newest === undefined) return "";
  return createHash("sha256").update(JSON.stringify(newest)).digest("hex").slice(0, 16);
}
