import type { StatementSync } from "node:sqlite";
import type { SourceFile } from "../../catalog/file.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";

/** Files of one page. */
const PAGE = 2000;

/** The files of the source. */
export class SourceTable {
  readonly #paths: PathTable;
  readonly #count: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #page: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    this.#count = connection.prepare("SELECT count(*) AS count FROM source");
    this.#insert = connection.prepare(`
      INSERT INTO source (size, mod_time, sha1, sha256, md5, path_id)
      VALUES (?, ?, unhex(nullif(?, '')), unhex(nullif(?, '')), unhex(nullif(?, '')), ?)
      ON CONFLICT DO NOTHING`);
    this.#update = connection.prepare(`
      UPDATE source SET size = ?, mod_time = ?, sha1 = unhex(nullif(?, '')),
        sha256 = unhex(nullif(?, '')), md5 = unhex(nullif(?, ''))
      WHERE path_id = ?`);
    this.#remove = connection.prepare("DELETE FROM source WHERE path_id = ?");
    this.#page = connection.prepare(`
      SELECT path_id, text, size, mod_time, lower(hex(sha1)) AS sha1,
        lower(hex(sha256)) AS sha256, lower(hex(md5)) AS md5
      FROM source JOIN path ON path.id = path_id
      WHERE path_id > ? ORDER BY path_id LIMIT ${PAGE}`);
  }

  /** Counts the files; reads the whole table. */
  count(): number {
    return Number(this.#count.get()?.count);
  }

  /** Adds or replaces a file. @returns whether it is new */
  put({ path, size, modTime, sha1, sha256, md5 }: SourceFile): boolean {
    const values = [size, modTime, sha1, sha256, md5, this.#paths.ensure(path)] as const;
    if (this.#insert.run(...values).changes !== 0) return true;
    this.#update.run(...values);
    return false;
  }

  /** Removes a file. @returns whether it was there */
  remove(path: string): boolean {
    const id = this.#paths.find(path);
    if (id === undefined || this.#remove.run(id).changes === 0) return false;
    this.#paths.release(id);
    return true;
  }

  /**
   * Reads some files.
   *
   * @param after number of the last path that was read; 0 to begin
   * @returns the files and the number to go on with; no files: that was all
   */
  page(after: number): { files: SourceFile[]; last: number } {
    const rows = this.#page.all(after);
    const files = rows.map((row): SourceFile => ({
      path: row.text as string,
      size: row.size as number,
      modTime: row.mod_time as number | null,
      sha1: row.sha1 as string,
      sha256: row.sha256 as string,
      md5: row.md5 as string,
    }));
    return { files, last: Number(rows.at(-1)?.path_id ?? after) };
  }
}
