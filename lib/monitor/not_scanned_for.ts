import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * For how long a mirror has not been scanned, where that is longer than the operator allows. Whole hours,
 * below that tens of minutes: what is written of it changes seldom.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds; 0: it may serve
 */
export function notScannedFor(
  { lastSuccessfulSync, maxScanAge, wholeTree }: MirrorRecord,
  config: Pick<Config, "maxScanAge">,
  now: number,
): number {
  const limit = (maxScanAge ?? config.maxScanAge) * MINUTE;
  if (limit === 0 || wholeTree || lastSuccessfulSync === null) return 0;
  const age = now - lastSuccessfulSync;
  if (age <= limit) return 0;
  const step = age < HOUR ? 10 * MINUTE : HOUR;
  return Math.max(MINUTE, Math.floor(age / step) * step);
}
