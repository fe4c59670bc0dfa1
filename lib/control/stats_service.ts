import { setImmediate } from "node:timers/promises";
import type { Store } from "../store/store.ts";
import type { FileStatsJson, MirrorSeriesJson } from "./api/stats_schemas.ts";
import { ControlError } from "./api/control_error.ts";
import {
  mirrorCounts,
  MOST_STEPS,
  readStatistics,
  type StatisticsQuery,
  type StatisticsStore,
} from "../stats/read_statistics.ts";
import type { Statistics } from "../stats/statistics.ts";
import { type DateRange, daysOf, periodsOf } from "../stats/date_range.ts";

/** Steps of a pattern after which others have a turn: some milliseconds, at most. */
const STEPS_AT_ONCE = 1_000_000;

/** Downloads of the files whose path matches a pattern. */
export type FileStats = Pick<FileStatsJson, "files" | "total">;

function tooLong(): ControlError {
  return new ControlError(
    "invalid",
    `A series has at most ${MOST_STEPS} steps: ask for less time, or larger steps`,
  );
}

/** What the counters are read from. */
export type StatsStore = StatisticsStore & Pick<Store, "mirrors">;

/** Reads the download counters. */
export class StatsService {
  readonly #store: StatsStore;

  constructor(store: StatsStore) {
    this.#store = store;
  }

  /**
   * Everything that was counted in some days.
   *
   * @throws {ControlError} `invalid` when the series would be too long
   */
  async all(query: Omit<StatisticsQuery, "nameOf">): Promise<Statistics> {
    const names = new Map((await this.#store.mirrors()).map(({ id, name }) => [id, name]));
    const nameOf = (id: number): string | null => names.get(id) ?? null;
    const statistics = await readStatistics(this.#store, { ...query, nameOf });
    if (statistics !== null) return statistics;
    throw tooLong();
  }

  /**
   * What was downloaded from each mirror, in each step of a range of days.
   *
   * @throws {ControlError} `invalid` when there would be too many steps
   */
  async bySteps(range: DateRange, by: "day" | "month"): Promise<MirrorSeriesJson> {
    const steps = Map.groupBy(daysOf(range), (day) => by === "day" ? day : day.slice(0, 7));
    if (steps.size > MOST_STEPS) throw tooLong();
    const names = new Map((await this.#store.mirrors()).map(({ id, name }) => [id, name]));
    const counted: MirrorSeriesJson["steps"][number][] = [];
    for (const [time, days] of steps) {
      const periods = periodsOf({ start: days[0]!, end: days.at(-1)! });
      const counts = await this.#store.mirrorDownloads(periods);
      const nameOf = (id: number): string | null => names.get(id) ?? null;
      counted.push({ time, mirrors: mirrorCounts(counts, nameOf) });
    }
    return { from: range.start, to: range.end, steps: counted };
  }

  /** Downloads from one mirror. */
  async mirror(id: number, range: DateRange): Promise<{ downloads: number; bytes: number }> {
    const counts = await this.#store.mirrorDownloads(periodsOf(range));
    return counts.get(id) ?? { downloads: 0, bytes: 0 };
  }

  /**
   * Downloads of files.
   *
   * @param pattern regular expression of RE2, found anywhere in the path
   * @param signal ends the search: whoever asked went away
   * @throws {ControlError} `invalid` when the pattern is none
   */
  async files(pattern: string, range: DateRange, signal?: AbortSignal): Promise<FileStats> {
    // Loaded where it is needed: it is large, and nearly no command asks for it.
    const { parsePathPattern } = await import("./path_pattern.ts");
    const { test, size } = parsePathPattern(pattern);
    const counts = new Map<string, number>();
    let steps = 0;
    for await (const batch of this.#store.allFileDownloads(periodsOf(range))) {
      for (const [path, downloads] of batch) {
        steps += size * path.length;
        if (steps > STEPS_AT_ONCE) {
          await setImmediate();
          signal?.throwIfAborted();
          steps = 0;
        }
        if (test(path)) counts.set(path, (counts.get(path) ?? 0) + downloads);
      }
    }
    const files = [...counts].map(([path, downloads]) => ({ path, downloads }))
      .sort((a, b) => a.path < b.path ? -1 : 1);
    return { files, total: files.reduce((sum, { downloads }) => sum + downloads, 0) };
  }
}
