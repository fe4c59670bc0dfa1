import type { PreparedMirror } from "../../selection/prepared_mirror.ts";

/** How a mirror is, in one word; `partly up`: it offers both schemes and one of them is down. */
export type MirrorCondition = "up" | "down" | "partly up" | "disabled";

/**
 * Tells how a mirror is.
 *
 * @param mirror the mirror: what the operator decided, what it offers, what the health checks found
 * @returns its condition
 */
export function mirrorCondition({ record, httpUrl, httpsUrl }: PreparedMirror): MirrorCondition {
  if (!record.enabled) return "disabled";
  if (record.unchecked) return "up";
  const offered = [
    ...(httpUrl === null ? [] : [record.httpUp]),
    ...(httpsUrl === null ? [] : [record.httpsUp]),
  ];
  if (!offered.includes(true)) return "down";
  return offered.includes(false) ? "partly up" : "up";
}
