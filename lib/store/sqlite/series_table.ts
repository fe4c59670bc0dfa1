import type { StatementSync } from "node:sqlite";
import { BYTES, DOWNLOADS } from "../../catalog/series_name.ts";
import type { CountedPeriods, DownloadBatch, Hour, Period } from "../download_counts.ts";
import type { Connection } from "./connection.ts";
import { periodKey, periodOf } from "./period_key.ts";

/** Reads what was counted by name, by hour and by day. */
export class SeriesReader {
  readonly #used: StatementSync;
  readonly #one: StatementSync;
  readonly #sums: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#used = connection.prepare("SELECT 1 FROM series WHERE period = ? LIMIT 1");
    this.#one = connection.prepare("SELECT count FROM series WHERE period = ? AND name = ?");
    this.#sums = connection.prepare(`
      SELECT name, sum(count) AS count FROM series
      WHERE period IN (SELECT value FROM json_each(?)) GROUP BY name`);
  }

  /** See `StoreReader.series()`. */
  of(times: readonly (Hour | Period)[], names: readonly string[]): (readonly number[] | null)[] {
    return times.map((time) => {
      const key = periodKey(time);
      if (this.#used.get(key) === undefined) return null;
      return names.map((name) => Number(this.#one.get(key, name)?.count ?? 0));
    });
  }

  /** See `StoreReader.seriesSums()`. */
  sums(times: readonly (Hour | Period)[]): Map<string, number> {
    const keys = JSON.stringify([...new Set(times.map(periodKey))]);
    return new Map(
      this.#sums.all(keys).map((row) => [String(row.name), Number(row.count)]),
    );
  }
}

/**
 * Writes what is counted by name. A day begins with what mirrors have by then: what came from an earlier
 * version, or from the original, was not counted by name.
 */
export class SeriesWriter {
  readonly #add: StatementSync;
  readonly #used: StatementSync;
  readonly #ofMirrors: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#add = connection.prepare(`
      INSERT INTO series (period, name, count) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count`);
    this.#used = connection.prepare("SELECT 1 FROM series WHERE period = ? LIMIT 1");
    this.#ofMirrors = connection.prepare(`
      SELECT sum(downloads) AS downloads, sum(bytes) AS bytes FROM mirror_downloads
      WHERE period = ?`);
  }

  /** Adds what a batch counted by name; to be called in a transaction, before its mirrors are counted. */
  add({ day, hours }: Pick<DownloadBatch, "day" | "hours">): void {
    if (hours === undefined || hours.size === 0) return;
    this.#begin(day);
    const ofDay = new Map<string, number>();
    for (const [hour, counts] of hours) {
      for (const [name, count] of counts) {
        // What came without its hour counts for the day alone.
        if (hour !== day) this.addOne(hour, name, count);
        ofDay.set(name, (ofDay.get(name) ?? 0) + count);
      }
    }
    for (const [name, count] of ofDay) this.addOne(day, name, count);
  }

  #begin(day: string): void {
    const key = periodKey(day);
    if (this.#used.get(key) !== undefined) return;
    const { downloads, bytes } = this.#ofMirrors.get(key)!;
    if (downloads === null) return;
    this.addOne(day, DOWNLOADS, Number(downloads));
    this.addOne(day, BYTES, Number(bytes));
  }

  /** Adds to one number. */
  addOne(time: Hour | Period, name: string, count: number): void {
    this.#add.run(periodKey(time), name, count);
  }
}

/** Rows that are removed at once. */
const REMOVED = 2_000;

/** Lists the periods that something was counted in, and removes what was counted. */
export class CountedTable {
  readonly #connection: Connection;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** See `Store.countedPeriods()`. */
  periods(): CountedPeriods {
    const counters = new Set([
      ...this.#periodsOf("file_downloads"),
      ...this.#periodsOf("mirror_downloads"),
    ]);
    return {
      counters: [...counters].sort(),
      series: this.#periodsOf("series"),
    };
  }

  /** Removes some of what was counted; in a transaction. @returns how many counters; 0: none are left */
  remove(kind: keyof CountedPeriods, period: Hour | Period): number {
    const tables = kind === "series"
      ? [["series", "name"]] as const
      : [["file_downloads", "path_id"], ["mirror_downloads", "mirror_id"]] as const;
    const key = periodKey(period);
    let removed = 0;
    for (const [table, column] of tables) {
      const statement = this.#connection.prepare(`
        DELETE FROM ${table} WHERE period = ? AND ${column} IN (
          SELECT ${column} FROM ${table} WHERE period = ? LIMIT ${REMOVED})`);
      removed += Number(statement.run(key, key).changes);
      if (removed > 0) break;
    }
    return removed;
  }

  /** One step for each period: the table itself may have millions of rows. */
  #periodsOf(table: string): string[] {
    return this.#connection.prepare(`
      WITH RECURSIVE step (period) AS (
        SELECT min(period) FROM ${table}
        UNION ALL
        SELECT (SELECT min(period) FROM ${table} WHERE period > step.period)
        FROM step WHERE period IS NOT NULL)
      SELECT period FROM step WHERE period IS NOT NULL`).all()
      .map((row) => periodOf(Number(row.period))).sort();
  }
}
