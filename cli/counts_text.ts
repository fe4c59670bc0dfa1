import { countMirrors, type MirrorCounts } from "../lib/control/mirror_counts.ts";
import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { lagByListing } from "./mirror_freshness.ts";

/**
 * Counts mirrors by how they are.
 *
 * @param staleAfter milliseconds of lag above which one is stale
 * @param now milliseconds since the epoch
 */
export function countsOf(
  mirrors: readonly MirrorJson[],
  staleAfter: number,
  now: number,
): MirrorCounts {
  return countMirrors(mirrors.map((mirror) => ({
    status: mirror.status,
    checked: mirror.unchecked || mirror.stateSince !== null,
    busy: mirror.busySince !== null,
    planned: mirror.downtime !== null,
    stale: (lagByListing(mirror, now) ?? 0) > staleAfter,
  })));
}

/** `20 up, 10 down, 1 by HTTP only, 2 stale, 3 disabled`: beyond the first two only what there is. */
export function countsText({ up, down, ...counts }: MirrorCounts): string {
  return [`${up} up`, `${down} down`, ...otherCounts(counts)].join(", ");
}

/** What there is beside those that are up or down: `2 stale`. */
export function otherCounts(
  { httpOnly, httpsOnly, unknown, stale, busy, planned, disabled }: {
    readonly [P in Exclude<keyof MirrorCounts, "down" | "up">]: number | null;
  },
): string[] {
  const others = [
    [httpOnly, "by HTTP only"],
    [httpsOnly, "by HTTPS only"],
    [unknown, "not checked yet"],
    [stale, "stale"],
    [busy, "busy"],
    [planned, "in planned downtime"],
    [disabled, "disabled"],
  ] as const;
  return others.filter(([count]) => (count ?? 0) > 0).map((one) => one.join(" "));
}
