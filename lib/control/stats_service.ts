import { setImmediate } from "node:timers/promises";
import type { Store } from "../store/store.ts";
import type { FileStatsJson } from "./api/stats_schemas.ts";
import { type DateRange, periodsOf } from "./date_range.ts";

/** Steps of a pattern after which others have a turn: some milliseconds, at most. */
const STEPS_AT_ONCE = 1_000_000;

/** Downloads of the files whose path matches a pattern. */
export type FileStats = Pick<FileStatsJson, "files" | "total">;

/** Reads the download counters. */
export class StatsService {
  readonly #store: Pick<Store, "mirrorDownloads" | "allFileDownloads">;

  constructor(store: Pick<Store, "mirrorDownloads" | "allFileDownloads">) {
    this.#store = store;
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
