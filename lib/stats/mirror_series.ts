import type { DownloadCount, Period } from "../store/download_counts.ts";
import type { StoreReader } from "../store/store_reader.ts";
import { type DateRange, daysOf, periodsOf } from "./date_range.ts";

/** What some mirrors got in a step. */
export interface MirrorStep extends DownloadCount {
  /** A day or a month. */
  readonly time: Period;
}

/**
 * Reads what mirrors got in each step of a range of days, all together.
 *
 * @param shown which mirrors count, by their ID
 * @returns the oldest first
 * @throws StoreUnavailableError
 */
export async function mirrorSeries(
  store: Pick<StoreReader, "mirrorDownloads">,
  shown: (id: number) => boolean,
  range: DateRange,
  by: "day" | "month",
): Promise<MirrorStep[]> {
  const steps = Map.groupBy(daysOf(range), (day) => by === "day" ? day : day.slice(0, 7));
  const counts: MirrorStep[] = [];
  for (const [time, days] of steps) {
    const periods = periodsOf({ start: days[0]!, end: days.at(-1)! });
    const sum = { time, downloads: 0, bytes: 0 };
    for (const [id, { downloads, bytes }] of await store.mirrorDownloads(periods)) {
      if (!shown(id)) continue;
      sum.downloads += downloads;
      sum.bytes += bytes;
    }
    counts.push(sum);
  }
  return counts;
}
