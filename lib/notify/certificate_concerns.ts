import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Concern } from "./concern.ts";

const DAY = 86_400_000;

/** Days before the end at which it is told, the last first. */
const LIMITS = [3, 14] as const;

/** Tells whether the certificate of an enabled mirror ends in 14 days, and again when it does in 3. */
export function certificateConcerns(
  { id, enabled, httpUrl, certificate }: MirrorRecord,
  now: number,
): Concern[] {
  if (!enabled || certificate === null || /^http:\/\//i.test(httpUrl)) return [];
  const { ends } = certificate;
  const limit = LIMITS.find((days) => ends - now <= days * DAY);
  if (limit === undefined) return [];
  const day = new Date(ends).toISOString().slice(0, 10);
  return [{
    event: "certificate",
    subject: id,
    reason: `its certificate ${ends > now ? "ends" : "ended"} on ${day}`,
    cause: "",
    since: ends - limit * DAY,
    level: `${limit} ${ends}`,
  }];
}
