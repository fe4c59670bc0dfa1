import { formatDuration } from "../catalog/duration.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { lagOf } from "../catalog/scan_numbers.ts";
import type { Config } from "../config/config.ts";

const MINUTE = 60_000;

/**
 * Why a mirror is to be disabled since it has been of no use for long.
 *
 * @param now milliseconds since the epoch
 * @param watched milliseconds for which this node has been looking at it
 * @returns words for the log; `null`: it stays
 */
export function gaveUp(
  mirror: MirrorRecord,
  { disableAfter, staleAfter }: Pick<Config, "disableAfter" | "staleAfter">,
  now: number,
  watched: number,
): string | null {
  const limit = disableAfter * MINUTE;
  if (limit === 0 || !mirror.enabled || mirror.unchecked || watched < limit) return null;
  const { httpUp, httpsUp, stateSince } = mirror;
  if (!httpUp && !httpsUp && stateSince !== null && now - stateSince >= limit) {
    return `down for ${spanText(now - stateSince)}`;
  }
  const lag = lagOf(mirror, now) ?? 0;
  return lag - staleAfter * MINUTE >= limit ? `behind by ${spanText(lag)}` : null;
}

/** Whole hours; below that minutes. */
function spanText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  return formatDuration(minutes < 60 ? minutes : Math.floor(minutes / 60) * 60, "min");
}
