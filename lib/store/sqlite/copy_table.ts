import type { StatementSync } from "node:sqlite";
import type { ListedFile } from "../../catalog/file.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";
import { RowsStatement, type Value } from "./rows_statement.ts";

/** Copies of one page. */
const PAGE = 2000;

/** What the mirrors carry. */
export class CopyTable {
  readonly #paths: PathTable;
  readonly #put: RowsStatement;
  readonly #remove: StatementSync;
  readonly #page: StatementSync;
  readonly #ids: StatementSync;
  readonly #orphan: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    // The rows outside (`CROSS JOIN`): each path is looked up and written in one go.
    this.#put = new RowsStatement(connection, {
      head: `
        INSERT INTO copy (mirror_id, path_id, size, mod_time)
        SELECT column1, path.id, column3, column4 FROM (VALUES`,
      row: "(?, ?, ?, ?)",
      tail: `) CROSS JOIN path ON text = column2
        WHERE true ON CONFLICT DO UPDATE SET size = excluded.size, mod_time = excluded.mod_time`,
      rows: 100,
    });
    this.#remove = connection.prepare(`
      DELETE FROM copy WHERE mirror_id = ? AND path_id IN (SELECT value FROM json_each(?))`);
    // A page comes as one row of JSON: two thousand rows would take several times as long.
    this.#page = connection.prepare(`
      SELECT json_group_array(text) AS paths, json_group_array(size) AS sizes,
        json_group_array(mod_time) AS times, max(path_id) AS last
      FROM (
        SELECT path_id, text, size, mod_time FROM copy JOIN path ON path.id = path_id
        WHERE mirror_id = ? AND path_id > ? ORDER BY path_id LIMIT ${PAGE}
      )`);
    this.#ids = connection.prepare(`
      SELECT path_id FROM copy WHERE mirror_id = ? AND path_id > ?
      ORDER BY path_id LIMIT ${PAGE}`);
    this.#orphan = connection.prepare(`
      SELECT mirror_id FROM copy WHERE mirror_id > ? ORDER BY mirror_id LIMIT 1`);
  }

  /** Adds or replaces copies. */
  putAll(mirrorId: number, files: readonly ListedFile[]): void {
    const values: Value[] = [];
    for (const { path, size, modTime } of files) values.push(mirrorId, path, size, modTime);
    if (this.#put.run(values) === files.length) return;
    // Some paths are new: nothing is known about them elsewhere.
    this.#paths.addAll(files.map(({ path }) => path));
    this.#put.run(values);
  }

  /** Removes copies, as far as they are there. */
  removeAll(mirrorId: number, paths: readonly string[]): void {
    this.removeIds(mirrorId, this.#paths.findAll(paths));
  }

  /** Removes copies by the numbers of their paths. */
  removeIds(mirrorId: number, pathIds: readonly number[]): void {
    const ids = JSON.stringify(pathIds);
    if (this.#remove.run(mirrorId, ids).changes !== 0) this.#paths.releaseAll(ids);
  }

  /**
   * Reads some copies on a mirror.
   *
   * @param after number of the last path that was read; 0 to begin
   * @returns the copies and the number to go on with; no copies: that was all
   */
  page(mirrorId: number, after: number): { files: ListedFile[]; last: number } {
    const row = this.#page.get(mirrorId, after)!;
    const paths = JSON.parse(row.paths as string) as string[];
    const sizes = JSON.parse(row.sizes as string) as number[];
    const times = JSON.parse(row.times as string) as (number | null)[];
    const files = paths.map((path, i): ListedFile => ({
      path,
      size: sizes[i]!,
      modTime: times[i]!,
    }));
    return { files, last: Number(row.last ?? after) };
  }

  /** @returns numbers of the next paths on a mirror after `after` */
  pathIds(mirrorId: number, after: number): number[] {
    return this.#ids.all(mirrorId, after).map((row) => Number(row.path_id));
  }

  /** @returns the next mirror ID after `after` that copies refer to; `null`: no more */
  nextMirrorId(after: number): number | null {
    const row = this.#orphan.get(after);
    return row ? Number(row.mirror_id) : null;
  }
}
