import type { MirrorRecord } from "../catalog/mirror_state.ts";

/** Which mirrors to list; a property that is missing asks for nothing. */
export interface MirrorFilter {
  /** Only enabled, or only disabled mirrors. */
  readonly enabled?: boolean;
  /** Only enabled mirrors that are not up on every scheme they offer. */
  readonly down?: boolean;
}

/** Orders mirrors for a list: the newest change of state first, then by name. */
export function compareMirrors(a: MirrorRecord, b: MirrorRecord): number {
  const byTime = (b.stateSince ?? -Infinity) - (a.stateSince ?? -Infinity);
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id;
}
