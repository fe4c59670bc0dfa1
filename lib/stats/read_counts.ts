import { BOTS, BYTES, DOWNLOADS } from "../catalog/series_name.ts";
import { utcDay, utcHour } from "../clock/utc_day.ts";
import type { Hour, Period } from "../store/download_counts.ts";
import type { StoreReader } from "../store/store_reader.ts";
import { type DateRange, daysOf, periodsOf } from "./date_range.ts";
import type { Count, SeriesCount, Step } from "./statistics.ts";
import { DAYS_KEPT, HOURS_KEPT } from "./stats_kept.ts";

/** What counts are read from. */
export type CountStore = Pick<StoreReader, "downloadsByPeriod" | "series">;

const HOUR = 3_600_000;
const DAY = 86_400_000;

const NAMES = [DOWNLOADS, BYTES, BOTS] as const;

/** Nothing. */
const NONE: Count = { downloads: 0, bytes: 0, bots: 0 };

/**
 * Reads what was counted in each step of a range of days; of hours, at most those that are kept.
 *
 * @param now milliseconds since the epoch
 * @returns the oldest first; steps without anything are there, too
 * @throws StoreUnavailableError
 */
export async function readSeries(
  store: CountStore,
  range: DateRange,
  by: Step,
  now: number,
): Promise<SeriesCount[]> {
  if (by === "hour") return await readHours(store, hoursOf(range, now));
  const steps = Map.groupBy(daysOf(range), (day) => by === "day" ? day : day.slice(0, 7));
  const ranges = [...steps.values()].map((days) => ({ start: days[0]!, end: days.at(-1)! }));
  const counts = await readSums(store, ranges, now);
  return [...steps.keys()].map((time, i) => ({ time, ...counts[i]! }));
}

/**
 * Reads what was counted in ranges of days. What is counted by name is there for a while only, and not for
 * days before the program could do that; of others, mirrors tell: without what fallbacks served.
 *
 * @param now milliseconds since the epoch
 * @returns in the same order
 * @throws StoreUnavailableError
 */
export async function readSums(
  store: CountStore,
  ranges: readonly DateRange[],
  now: number,
): Promise<Count[]> {
  const kept = [...new Set(ranges.flatMap((range) => daysKeptOf(range, now)))];
  const named = await store.series(kept, NAMES);
  const byDay = new Map(kept.map((day, i) => [day, named[i] ?? null]));
  const first = firstDayKept(now);
  const periods = ranges.map((range): readonly Period[] => [
    ...(range.start < first ? periodsOf({ ...range, end: dayBefore(first, range.end) }) : []),
    ...daysKeptOf(range, now).filter((day) => byDay.get(day) === null),
  ]);
  const asked = [...new Set(periods.flat())];
  const ofMirrors = await store.downloadsByPeriod(null, asked);
  const byPeriod = new Map(asked.map((period, i) => [period, ofMirrors[i]!]));
  return ranges.map((range, i) =>
    [
      ...daysKeptOf(range, now).map((day) => toCount(byDay.get(day) ?? null)),
      ...periods[i]!.map((period) => ({ ...NONE, ...byPeriod.get(period)! })),
    ].reduce(add, NONE)
  );
}

/** The days of a range of which it may be known what was counted by name. */
export function daysKeptOf({ start, end }: DateRange, now: number): string[] {
  const first = firstDayKept(now);
  return daysOf({ start: start > first ? start : first, end });
}

function firstDayKept(now: number): string {
  return utcDay(now - (DAYS_KEPT - 1) * DAY);
}

/** @returns the day before `day`, or `last` where that is earlier */
function dayBefore(day: string, last: string): string {
  const before = utcDay(Date.parse(day) - DAY);
  return before < last ? before : last;
}

function hoursOf({ start, end }: DateRange, now: number): Hour[] {
  const hours = Array.from(
    { length: HOURS_KEPT },
    (_, i) => utcHour(now - (HOURS_KEPT - 1 - i) * HOUR),
  );
  return hours.filter((hour) => hour.slice(0, 10) >= start && hour.slice(0, 10) <= end);
}

async function readHours(store: CountStore, hours: readonly Hour[]): Promise<SeriesCount[]> {
  const counts = await store.series(hours, NAMES);
  return hours.map((time, i) => ({ time, ...toCount(counts[i] ?? null) }));
}

function toCount(numbers: readonly number[] | null): Count {
  const [downloads = 0, bytes = 0, bots = 0] = numbers ?? [];
  return { downloads, bytes, bots };
}

function add(a: Count, b: Count): Count {
  return {
    downloads: a.downloads + b.downloads,
    bytes: a.bytes + b.bytes,
    bots: a.bots + b.bots,
  };
}
