import type { Store } from "../store/store.ts";
import type { FileStatsJson } from "./api/stats_schemas.ts";
import { ControlError } from "./api/control_error.ts";
import { type DateRange, periodsOf } from "./date_range.ts";

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
   * @param pattern regular expression, found anywhere in the path
   * @throws {ControlError} `invalid` when the pattern is none
   */
  async files(pattern: string, range: DateRange): Promise<FileStats> {
    const expression = parsePattern(pattern);
    const counts = new Map<string, number>();
    for await (const batch of this.#store.allFileDownloads(periodsOf(range))) {
      for (const [path, downloads] of batch) {
        if (expression.test(path)) counts.set(path, (counts.get(path) ?? 0) + downloads);
      }
    }
    const files = [...counts].map(([path, downloads]) => ({ path, downloads }))
      .sort((a, b) => a.path < b.path ? -1 : 1);
    return { files, total: files.reduce((sum, { downloads }) => sum + downloads, 0) };
  }
}

/** Reads a regular expression; `(?i)` at its start makes it ignore case, as in Go and Perl. */
function parsePattern(pattern: string): RegExp {
  const ignoreCase = pattern.startsWith("(?i)");
  try {
    return new RegExp(ignoreCase ? pattern.slice(4) : pattern, ignoreCase ? "iu" : "u");
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
    throw new ControlError(
      "invalid",
      `Error parsing regexp: ${detail}: ${JSON.stringify(pattern)}`,
    );
  }
}
