import { EventGatherer, type Gathering, type GatheringOptions } from "../monitor/event_gatherer.ts";
import { mayStartReading } from "../worker/reading_thread.ts";
import { systemClock } from "./system_clock.ts";
import { LOSS, WatchThread } from "./watch_thread.ts";

/**
 * Chooses where events of a repository are gathered: on a thread of its own where one may be started.
 *
 * @param options of the gathering
 * @param pressure whether too few file descriptors are left
 * @throws when too few are left: the runtime would end the program over a thread that it cannot start
 */
export function gatherEvents(options: GatheringOptions, pressure: () => boolean): Gathering {
  if (pressure()) throw new Error("too many files are open in this program");
  return mayStartReading(options.root)
    ? new WatchThread(options)
    : new EventGatherer({ ...options, loss: LOSS, clock: systemClock });
}
