import type { Config } from "../config/config.ts";
import type { Clock } from "../clock/clock.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { pruneStats, type PruneStore } from "../stats/prune_stats.ts";
import type { Store } from "../store/store.ts";

/** What {@linkcode startStatsPruning} works with. */
export interface StatsPruningOptions {
  readonly store: PruneStore & Pick<Store, "available" | "lock">;
  /** The configuration in force now. */
  readonly config: () => Pick<Config, "keepStats">;
  readonly clock: Pick<Clock, "delay" | "every" | "now">;
  readonly log: Pick<Log, "debug" | "info">;
}

/** Milliseconds between two looks at the time. */
const LOOK = 60_000;

/** Milliseconds after midnight from which on what is old is removed: by then the day before is counted. */
const AFTER = 10 * 60_000;

/** Milliseconds that the lock is kept at least: all nodes look within one. */
const HELD = 2 * LOOK;

/**
 * Removes statistics that are older than they are kept, once a day from 00:10 UTC on: of all nodes, the one
 * that is first. Goes on until it is disposed of.
 */
export function startStatsPruning(options: StatsPruningOptions): AsyncDisposable {
  const { clock, store } = options;
  const stop = new AbortController();
  let done = "";
  let running: Promise<void> | null = null;
  const timer = clock.every(LOOK, () => {
    const today = utcDay(clock.now() - AFTER);
    if (running !== null || done === today || !store.available) return;
    running = prune(options, stop.signal).then((tried) => {
      if (tried) done = today;
      running = null;
    });
  });
  return {
    [Symbol.asyncDispose]: async () => {
      timer[Symbol.dispose]();
      stop.abort();
      await running;
    },
  };
}

/** @returns whether this day is done with, by this node or another */
async function prune(
  { store, config, clock, log }: StatsPruningOptions,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await using lock = await store.lock("stats");
    if (lock === null) return true;
    const { keepStats } = config();
    const ended = AbortSignal.any([signal, lock.signal]);
    const options = { keepStats, now: clock.now(), dryRun: false, signal: ended };
    const { counters, series, removed } = await pruneStats(store, options);
    if (counters.length > 0) {
      log.info(
        `Removed ${removed} counters of ${counters.length} periods older than KeepStats, ` +
          `and of ${series.length} hours and days of the series`,
      );
    }
    await clock.delay(HELD, signal);
    return true;
  } catch (error) {
    log.debug(`Cannot remove old statistics: ${messageOf(error)}`);
    return signal.aborted;
  }
}
