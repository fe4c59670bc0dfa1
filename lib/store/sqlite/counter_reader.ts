import type { StatementSync } from "node:sqlite";
import type { DownloadCount, Period } from "../download_counts.ts";
import type { Connection } from "./connection.ts";
import { periodKey } from "./period_key.ts";

/** Numbers of paths that one step of a walk over all counters covers. */
const STEP = 4096;

/** Reads the download counters. */
export class CounterReader {
  readonly #file: StatementSync;
  readonly #mirrors: StatementSync;
  readonly #oneMirror: StatementSync;
  readonly #allMirrors: StatementSync;
  readonly #total: StatementSync;
  readonly #lastPath: StatementSync;
  readonly #files: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#file = connection.prepare(`
      SELECT downloads FROM file_downloads
      WHERE period = ? AND path_id = (SELECT id FROM path WHERE text = ?)`);
    this.#mirrors = connection.prepare(`
      SELECT mirror_id, sum(downloads) AS downloads, sum(bytes) AS bytes FROM mirror_downloads
      WHERE period IN (SELECT value FROM json_each(?)) GROUP BY mirror_id`);
    this.#oneMirror = connection.prepare(`
      SELECT downloads, bytes FROM mirror_downloads WHERE period = ? AND mirror_id = ?`);
    this.#allMirrors = connection.prepare(`
      SELECT sum(downloads) AS downloads, sum(bytes) AS bytes FROM mirror_downloads
      WHERE period = ?`);
    this.#total = connection.prepare(
      "SELECT downloads FROM file_downloads WHERE period = 0 AND path_id = 0",
    );
    this.#lastPath = connection.prepare("SELECT max(id) AS id FROM path");
    this.#files = connection.prepare(`
      SELECT text, sum(downloads) AS downloads FROM json_each(?) AS period
      CROSS JOIN file_downloads
        ON file_downloads.period = period.value AND path_id BETWEEN ? AND ?
      JOIN path ON path.id = path_id GROUP BY path_id`);
  }

  /** @returns one number for each period, in the same order */
  ofFile(path: string, periods: readonly Period[]): number[] {
    return periods.map((period) => Number(this.#file.get(periodKey(period), path)?.downloads ?? 0));
  }

  /** Sums of every mirror. */
  ofMirrors(periods: readonly Period[]): Map<number, { downloads: number; bytes: number }> {
    return new Map(
      this.#mirrors.all(toJson(periods)).map((row) => [
        Number(row.mirror_id),
        { downloads: Number(row.downloads), bytes: Number(row.bytes) },
      ]),
    );
  }

  /** Counts of one mirror, or of all together, in the order of the periods. */
  byPeriod(mirrorId: number | null, periods: readonly Period[]): DownloadCount[] {
    return periods.map((period) => {
      const key = periodKey(period);
      const row = mirrorId === null
        ? this.#allMirrors.get(key)
        : this.#oneMirror.get(key, mirrorId);
      return { downloads: Number(row?.downloads ?? 0), bytes: Number(row?.bytes ?? 0) };
    });
  }

  /** All downloads ever. */
  total(): number {
    return Number(this.#total.get()?.downloads ?? 0);
  }

  /** The largest number of a path. */
  lastPath(): number {
    return Number(this.#lastPath.get()?.id ?? 0);
  }

  /**
   * Sums of every file whose path has one of the next numbers.
   *
   * @param first where to begin; 1 at first
   * @returns path → downloads, and where to go on
   */
  ofFiles(periods: readonly Period[], first: number): [Map<string, number>, next: number] {
    const rows = this.#files.all(toJson(periods), first, first + STEP - 1);
    const sums = new Map(rows.map((row) => [String(row.text), Number(row.downloads)]));
    return [sums, first + STEP];
  }
}

function toJson(periods: readonly Period[]): string {
  return JSON.stringify([...new Set(periods.map(periodKey))]);
}
