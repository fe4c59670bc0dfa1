import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { QuotaUse } from "../stats/quota_watch.ts";
import type { Concern } from "./concern.ts";

/**
 * Tells whether a mirror has used much of its quota, and again when it has used it up.
 *
 * @param uses `null`: nobody knows yet
 */
export function quotaConcerns(
  { id, maxDay, maxMonth }: MirrorRecord,
  uses: readonly QuotaUse[] | null,
  now: number,
): Concern[] {
  if (maxDay + maxMonth === 0) return [];
  const common = { event: "quota", subject: id, cause: "" } as const;
  if (uses === null) return [{ ...common, reason: "", since: now, level: "", held: true }];
  const use = uses.find(({ mirrorId }) => mirrorId === id);
  if (use === undefined) return [];
  const { mark, text, start } = use;
  return [{ ...common, reason: text, since: Date.parse(start), level: `${mark} ${start}` }];
}
