import type { Period } from "../download_counts.ts";
import type { Connection } from "./connection.ts";
import type { CounterReader } from "./counter_reader.ts";
import { TimeSlice } from "./time_slice.ts";

/**
 * Walks over the counters of all files, with turns for others in between.
 *
 * @param now milliseconds since the epoch
 * @returns downloads by path, summed over the periods; each path comes once
 */
export async function* everyFile(
  connection: Connection,
  counters: CounterReader,
  periods: readonly Period[],
  now: () => number,
): AsyncGenerator<Map<string, number>> {
  const last = connection.attempt(() => counters.lastPath());
  const slice = new TimeSlice(now);
  let next = 1;
  while (next <= last) {
    const from = next;
    const page = connection.attempt(() => counters.ofFiles(periods, from));
    next = page[1];
    if (page[0].size > 0) yield page[0];
    await slice.turn();
  }
}
