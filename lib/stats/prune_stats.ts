import type { Store } from "../store/store.ts";
import type { CountedPeriods, Hour, Period } from "../store/download_counts.ts";
import { utcDay, utcHour } from "../clock/utc_day.ts";
import { DAYS_KEPT, HOURS_KEPT } from "./stats_kept.ts";

/** What statistics are removed from. */
export type PruneStore = Pick<Store, "countedPeriods" | "removeCounted">;

/** What {@linkcode pruneStats} goes by. */
export interface PruneOptions {
  /** KeepStats: days for which counters of files and mirrors are kept; 0: for ever. */
  readonly keepStats: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether nothing is removed. */
  readonly dryRun: boolean;
  /** Ends it between two periods, or two parts of a large one. */
  readonly signal?: AbortSignal;
}

/** What was removed, or would be. */
export interface PrunedStats extends CountedPeriods {
  /** How many counters; `null`: nothing was removed. */
  readonly removed: number | null;
}

const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * Removes what was counted longer ago than it is kept: hours, days of what is counted by name, and, where
 * that is wanted, days, months and years of files and mirrors once they are over as long. What was counted
 * in all stays.
 *
 * @throws StoreUnavailableError
 */
export async function pruneStats(
  store: PruneStore,
  { keepStats, now, dryRun, signal }: PruneOptions,
): Promise<PrunedStats> {
  const { counters, series } = await store.countedPeriods();
  const firstHour = utcHour(now - (HOURS_KEPT - 1) * HOUR);
  const firstNamed = utcDay(now - (DAYS_KEPT - 1) * DAY);
  const first = utcDay(now - (keepStats - 1) * DAY);
  const old: CountedPeriods = {
    counters: keepStats === 0 ? [] : counters.filter((period) => isOver(period, first)),
    series: series.filter((time) => time < (time.length > 10 ? firstHour : firstNamed)),
  };
  if (dryRun) return { ...old, removed: null };
  let removed = 0;
  for (const kind of ["counters", "series"] as const) {
    for (const period of old[kind]) {
      signal?.throwIfAborted();
      removed += await store.removeCounted(kind, period, signal);
    }
  }
  return { ...old, removed };
}

/** Whether all days of a period come before a day. */
function isOver(period: Hour | Period, first: string): boolean {
  return period !== "" && period < first.slice(0, period.length);
}
