import type { StatementSync } from "node:sqlite";
import type { SourceFile } from "../../catalog/file.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";
import { RowsStatement, type Value } from "./rows_statement.ts";

/** Files of one page. */
export const SOURCE_PAGE = 2000;

/** The files of the source. */
export class SourceTable {
  readonly #paths: PathTable;
  readonly #count: StatementSync;
  readonly #add: RowsStatement;
  readonly #replace: RowsStatement;
  readonly #remove: StatementSync;
  readonly #removePieces: StatementSync;
  readonly #page: StatementSync;
  readonly #at: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    this.#count = connection.prepare("SELECT count(*) AS count FROM source");
    // The rows outside (`CROSS JOIN`): each path is looked up and written in one go.
    const text = {
      head: `
        INSERT INTO source (path_id, size, mod_time, sha1, sha256, md5, first_seen)
        SELECT path.id, column2, column3, unhex(nullif(column4, '')), unhex(nullif(column5, '')),
          unhex(nullif(column6, '')), column7 FROM (VALUES`,
      row: "(?, ?, ?, ?, ?, ?, ?)",
      tail: ") CROSS JOIN path ON text = column1 WHERE true ON CONFLICT",
      rows: 50,
    };
    this.#add = new RowsStatement(connection, { ...text, tail: `${text.tail} DO NOTHING` });
    this.#replace = new RowsStatement(connection, {
      ...text,
      tail: `${text.tail} DO UPDATE SET size = excluded.size, mod_time = excluded.mod_time,
        sha1 = excluded.sha1, sha256 = excluded.sha256, md5 = excluded.md5,
        first_seen = CASE WHEN source.size = excluded.size AND source.mod_time IS excluded.mod_time
          THEN source.first_seen ELSE excluded.first_seen END`,
    });
    this.#remove = connection.prepare(
      "DELETE FROM source WHERE path_id IN (SELECT value FROM json_each(?))",
    );
    this.#removePieces = connection.prepare(
      "DELETE FROM piece WHERE path_id IN (SELECT value FROM json_each(?))",
    );
    // A page comes as one row of JSON: two thousand rows would take several times as long.
    const columns = `json_group_array(text) AS paths, json_group_array(size) AS sizes,
      json_group_array(mod_time) AS times,
      json_group_array(first_seen) AS seen, group_concat(lower(hex(sha1))) AS sha1,
      group_concat(lower(hex(sha256))) AS sha256, group_concat(lower(hex(md5))) AS md5,
      max(path_id) AS last`;
    this.#page = connection.prepare(`
      SELECT ${columns} FROM (
        SELECT path_id, text, size, mod_time, first_seen, sha1, sha256, md5
        FROM source JOIN path ON path.id = path_id
        WHERE path_id > ? ORDER BY path_id LIMIT ${SOURCE_PAGE}
      )`);
    this.#at = connection.prepare(`
      SELECT ${columns} FROM source JOIN path ON path.id = path_id
      WHERE path_id IN (SELECT value FROM json_each(?))`);
  }

  /** Counts the files; reads the whole table. */
  count(): number {
    return Number(this.#count.get()?.count);
  }

  /** Adds or replaces files. @returns how many are new */
  putAll(files: readonly SourceFile[]): number {
    this.#paths.addAll(files.map(({ path }) => path));
    const values: Value[] = [];
    for (const { path, size, modTime, sha1, sha256, md5, firstSeen = null } of files) {
      values.push(path, size, modTime, sha1, sha256, md5, firstSeen);
    }
    const added = this.#add.run(values);
    if (added < files.length) this.#replace.run(values);
    return added;
  }

  /** Removes files, and the hashes of their pieces. @returns how many were there */
  removeAll(paths: readonly string[]): number {
    const ids = JSON.stringify(this.#paths.findAll(paths));
    this.#removePieces.run(ids);
    const removed = Number(this.#remove.run(ids).changes);
    if (removed > 0) this.#paths.releaseAll(ids);
    return removed;
  }

  /**
   * Reads some files.
   *
   * @param after number of the last path that was read; 0 to begin
   * @returns the files and the number to go on with; no files: that was all
   */
  page(after: number): { files: SourceFile[]; last: number } {
    const row = this.#page.get(after)!;
    return { files: filesOf(row), last: Number(row.last ?? after) };
  }

  /** Reads those of some paths that are there. @param paths at most {@linkcode SOURCE_PAGE} */
  at(paths: readonly string[]): SourceFile[] {
    return filesOf(this.#at.get(JSON.stringify(this.#paths.findAll(paths)))!);
  }
}

function filesOf(row: Record<string, unknown>): SourceFile[] {
  const paths = JSON.parse(row.paths as string) as string[];
  const sizes = JSON.parse(row.sizes as string) as number[];
  const times = JSON.parse(row.times as string) as (number | null)[];
  const seen = JSON.parse(row.seen as string) as (number | null)[];
  const [sha1, sha256, md5] = [row.sha1, row.sha256, row.md5].map((text) =>
    String(text ?? "").split(",")
  ) as [string[], string[], string[]];
  return paths.map((path, i): SourceFile => {
    const file = {
      path,
      size: sizes[i]!,
      modTime: times[i]!,
      sha1: sha1[i]!,
      sha256: sha256[i]!,
      md5: md5[i]!,
    };
    const firstSeen = seen[i]!;
    return firstSeen === null ? file : { ...file, firstSeen };
  });
}
