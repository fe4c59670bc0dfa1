import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { ClusterMembership } from "../monitor/cluster.ts";
import { mirrorsOfNode } from "../monitor/mirrors_of_node.ts";
import type { QuotaEvent } from "../stats/quota_watch.ts";
import type { Store } from "../store/store.ts";

/** What {@linkcode recordQuotaMark} works with. */
export interface QuotaMarkOptions {
  readonly store: Pick<Store, "addEvent" | "events" | "mirrors">;
  /** The other nodes; `null`: there are none. */
  readonly cluster: Pick<ClusterMembership, "nodes" | "self" | "settled"> | null;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Writes a mark of its quota that a mirror reached into its log: once, though every node looks and each
 * is restarted. The node writes that checks the mirror.
 */
export async function recordQuotaMark(
  { id, name }: Pick<MirrorRecord, "id" | "name">,
  event: QuotaEvent,
  { store, cluster, log, now }: QuotaMarkOptions,
): Promise<void> {
  if (cluster !== null && !cluster.settled) return;
  try {
    const ids = (await store.mirrors()).map((mirror) => mirror.id);
    if (cluster !== null && !mirrorsOfNode(ids, cluster.nodes(), cluster.self).has(id)) return;
    const time = now();
    const known = (await store.events(id, 100)).some((one) =>
      one.type === "quota" && one.of === event.of && one.percent === event.percent &&
      one.limit === event.limit && utcDay(one.time) === utcDay(time)
    );
    if (!known) await store.addEvent({ ...event, mirrorId: id, time });
  } catch (error) {
    log.warn(`Cannot write to the log of ${name}: ${messageOf(error)}`);
  }
}
