import { type Downtime, hasPassed } from "../catalog/downtime.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";

/**
 * What a plan asks for now: to disable the mirror; to forget the plan, since it was never begun in time or
 * somebody enabled the mirror in between; to enable it again after a scan. `null`: nothing.
 */
export function downtimeStep(
  { downtime, enabled }: Pick<MirrorRecord, "downtime" | "enabled">,
  now: number,
): "begin" | "forget" | "end" | null {
  if (downtime === null) return null;
  if (!downtime.started) return begins(downtime, now);
  if (enabled) return "forget";
  return hasPassed(downtime, now) ? "end" : null;
}

function begins(downtime: Downtime, now: number): "begin" | "forget" | null {
  if (hasPassed(downtime, now)) return "forget";
  return now >= downtime.from ? "begin" : null;
}
