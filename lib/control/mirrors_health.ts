import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { lagOf } from "../catalog/scan_numbers.ts";
import { scanOverdue } from "../catalog/scan_overdue.ts";
import type { Config } from "../config/config.ts";
import type { HealthJson } from "./api/daemon_schemas.ts";
import { countMirrors } from "./mirror_counts.ts";
import type { RememberedMirrors } from "./mirror_memory.ts";
import { mirrorStatus } from "./mirror_status.ts";

type MirrorsHealth = Omit<HealthJson["mirrors"], "noRoute">;

/** What is said where nobody knows any mirror. */
const UNKNOWN: MirrorsHealth = {
  enabled: null,
  up: null,
  httpOnly: null,
  httpsOnly: null,
  down: null,
  unknown: null,
  stale: null,
  busy: null,
  planned: null,
  disabled: null,
  furthest: null,
  notScanned: [],
  asOf: null,
};

/**
 * Tells how the mirrors are, in numbers.
 *
 * @param known `null`: nobody knows
 * @param now milliseconds since the epoch
 */
export function mirrorsHealth(
  known: RememberedMirrors | null,
  { staleAfter, scanInterval }: Pick<Config, "scanInterval" | "staleAfter">,
  now: number,
): MirrorsHealth {
  if (known === null) return UNKNOWN;
  const enabled = known.mirrors.filter((mirror) => mirror.enabled);
  const lags = enabled.map((mirror) => ({ name: mirror.name, lag: lagOf(mirror, now) }))
    .filter((one): one is { name: string; lag: number } => one.lag !== null)
    .sort((a, b) => b.lag - a.lag || (a.name < b.name ? -1 : 1));
  const counts = countMirrors(known.mirrors.map((mirror) => ({
    status: mirrorStatus(mirror),
    checked: mirror.unchecked || mirror.stateSince !== null,
    busy: mirror.busySince !== null,
    planned: mirror.downtime !== null,
    stale: (lagOf(mirror, now) ?? 0) > staleAfter * 60_000,
  })));
  const { up, ...rest } = counts;
  return {
    enabled: enabled.length,
    up: up + rest.httpOnly + rest.httpsOnly,
    ...rest,
    furthest: lags[0] ?? null,
    notScanned: enabled.filter((mirror) => isOverdue(mirror, scanInterval, now))
      .map(({ name }) => name).sort(),
    asOf: known.asOf === null ? null : new Date(known.asOf).toISOString(),
  };
}

function isOverdue(
  { lastSuccessfulSync, unchecked, wholeTree }: MirrorRecord,
  scanInterval: number,
  now: number,
): boolean {
  if (unchecked || wholeTree) return false;
  return lastSuccessfulSync !== null && now - lastSuccessfulSync > scanOverdue(scanInterval);
}
