import { keepRemovedOf } from "../config/keep_removed.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { sweepGone } from "../scan/gone_files.ts";
import type { Store } from "../store/store.ts";
import { systemClock } from "./system_clock.ts";

/** What {@linkcode startGoneSweep} works with. */
export interface GoneSweepOptions {
  readonly store: Pick<Store, "available" | "notes">;
  /** The configuration in force now. */
  readonly config: () => Config;
  readonly log: Log;
}

/** Milliseconds between two looks at which files are gone long enough. */
const SWEEP = 60_000;

/** Forgets files that left the repository long ago, once a minute, until it is disposed of. */
export function startGoneSweep({ store, config, log }: GoneSweepOptions): Disposable {
  let running = false;
  return systemClock.every(SWEEP, async () => {
    if (running || !store.available) return;
    running = true;
    try {
      await sweepGone(store.notes, keepRemovedOf(config()), systemClock.now());
    } catch (error) {
      log.debug(`Cannot forget files that are gone: ${messageOf(error)}`);
    } finally {
      running = false;
    }
  });
}
