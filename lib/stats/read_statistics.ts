import { answerOf, countryOf } from "../catalog/series_name.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { StoreReader } from "../store/store_reader.ts";
import { type DateRange, daysOf, periodsOf } from "./date_range.ts";
import { type CountStore, daysKeptOf, readSeries, readSums } from "./read_counts.ts";
import type {
  AnswerCount,
  CountryCount,
  FileCount,
  MirrorCount,
  Statistics,
  Step,
} from "./statistics.ts";
import { DAYS_KEPT } from "./stats_kept.ts";

/** Downloads from which on a country is named: fewer might be somebody. */
const NAMED_FROM = 10;

/** Steps of a series, at most. */
export const MOST_STEPS = DAYS_KEPT;

/** What {@linkcode readStatistics} reads. */
export type StatisticsStore =
  & CountStore
  & Pick<StoreReader, "allFileDownloads" | "mirrorDownloads" | "seriesSums" | "totalDownloads">;

/** What is asked for. */
export interface StatisticsQuery {
  /** Days, both included; of those to come there is nothing. */
  readonly range: DateRange;
  /** The steps of the series; default: hours for today, days for up to three months, else months. */
  readonly by?: Step;
  /** So many files at most; 0: none. */
  readonly files: number;
  /** Which of them may be told of; default: all. */
  readonly shows?: (path: string) => boolean;
  /** The name of a mirror; `null`: it was removed; `undefined`: it is not to be told of. */
  readonly nameOf: (id: number) => string | null | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Ends the search. */
  readonly signal?: AbortSignal;
}

/**
 * Reads what was counted.
 *
 * @returns `null` when the series would have too many steps
 * @throws StoreUnavailableError
 */
export async function readStatistics(
  store: StatisticsStore,
  { range: asked, by, files, shows, nameOf, now, signal }: StatisticsQuery,
): Promise<Statistics | null> {
  const today = utcDay(now);
  const end = asked.end < today ? asked.end : today;
  const range = { start: asked.start < end ? asked.start : end, end };
  const days = daysOf(range);
  const step = by ??
    (days.length === 1 && end === today ? "hour" : days.length <= 92 ? "day" : "month");
  const steps = step === "day" ? days : step === "month" ? months(days) : [];
  if (steps.length > MOST_STEPS) return null;
  const [sum] = await readSums(store, [range], now);
  const named = await store.seriesSums(daysKeptOf(range, now));
  return {
    from: range.start,
    to: end,
    ...sum!,
    ever: await store.totalDownloads(),
    mirrors: mirrorCounts(await store.mirrorDownloads(periodsOf(range)), nameOf),
    ...countriesOf(named),
    answers: answersOf(named),
    files: await topFiles(store, range, files, signal, shows),
    by: step,
    series: await readSeries(store, range, step, now),
  };
}

function months(days: readonly string[]): string[] {
  return [...new Set(days.map((day) => day.slice(0, 7)))];
}

/**
 * Names the mirrors of counts.
 *
 * @returns the most downloads first
 */
export function mirrorCounts(
  counts: ReadonlyMap<number, { readonly downloads: number; readonly bytes: number }>,
  nameOf: StatisticsQuery["nameOf"],
): MirrorCount[] {
  return [...counts].flatMap(([id, { downloads, bytes }]) => {
    const name = nameOf(id);
    return name === undefined ? [] : [{ id, name, downloads, bytes }];
  }).sort((a, b) => b.downloads - a.downloads || b.bytes - a.bytes || a.id - b.id);
}

function countriesOf(
  named: ReadonlyMap<string, number>,
): Pick<Statistics, "countries" | "otherCountries"> {
  const all = [...named].flatMap(([name, downloads]): CountryCount[] => {
    const country = countryOf(name);
    return country === null ? [] : [{ country, downloads }];
  });
  const countries = all.filter(({ downloads }) => downloads >= NAMED_FROM)
    .sort((a, b) => b.downloads - a.downloads || (a.country < b.country ? -1 : 1));
  const few = all.filter(({ downloads }) => downloads < NAMED_FROM);
  return { countries, otherCountries: few.reduce((sum, one) => sum + one.downloads, 0) };
}

function answersOf(named: ReadonlyMap<string, number>): AnswerCount[] {
  return [...named].flatMap(([name, requests]) => {
    const answer = answerOf(name);
    return answer === null ? [] : [{ answer, requests }];
  }).sort((a, b) => b.requests - a.requests || (a.answer < b.answer ? -1 : 1));
}

/**
 * Finds the files that were downloaded most.
 *
 * @param store walked over once
 * @param most so many
 * @param signal ends the walk
 * @param shown which paths may be told of; default: all
 * @returns the most first, then by path
 * @throws StoreUnavailableError
 */
export async function topFiles(
  store: Pick<StoreReader, "allFileDownloads">,
  range: DateRange,
  most: number,
  signal?: AbortSignal,
  shown: (path: string) => boolean = () => true,
): Promise<FileCount[]> {
  if (most === 0) return [];
  let top: FileCount[] = [];
  const cut = (): void => {
    top = top.sort((a, b) => b.downloads - a.downloads || (a.path < b.path ? -1 : 1)).slice(
      0,
      most,
    );
  };
  for await (const batch of store.allFileDownloads(periodsOf(range))) {
    signal?.throwIfAborted();
    for (const [path, downloads] of batch) {
      if (downloads > 0 && shown(path)) top.push({ path, downloads });
      if (top.length >= most + 10_000) cut();
    }
  }
  cut();
  return top;
}
