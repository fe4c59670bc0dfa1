import type { StatementSync } from "node:sqlite";
import type { ListedFile } from "../../catalog/file.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";

/** Copies of one page. */
const PAGE = 2000;

/** What the mirrors carry. */
export class CopyTable {
  readonly #paths: PathTable;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #page: StatementSync;
  readonly #ids: StatementSync;
  readonly #orphan: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    this.#put = connection.prepare(`
      INSERT INTO copy (mirror_id, path_id, size, mod_time)
      SELECT ?, id, ?, ? FROM path WHERE text = ?
      ON CONFLICT DO UPDATE SET size = excluded.size, mod_time = excluded.mod_time`);
    this.#remove = connection.prepare("DELETE FROM copy WHERE mirror_id = ? AND path_id = ?");
    this.#page = connection.prepare(`
      SELECT path_id, text, size, mod_time FROM copy JOIN path ON path.id = path_id
      WHERE mirror_id = ? AND path_id > ? ORDER BY path_id LIMIT ${PAGE}`);
    this.#ids = connection.prepare(`
      SELECT path_id FROM copy WHERE mirror_id = ? AND path_id > ?
      ORDER BY path_id LIMIT ${PAGE}`);
    this.#orphan = connection.prepare(`
      SELECT mirror_id FROM copy WHERE mirror_id > ? ORDER BY mirror_id LIMIT 1`);
  }

  /** Adds or replaces a copy. */
  put(mirrorId: number, { path, size, modTime }: ListedFile): void {
    // Most paths are known: one statement finds the path and writes the copy.
    if (this.#put.run(mirrorId, size, modTime, path).changes !== 0) return;
    this.#paths.add(path);
    this.#put.run(mirrorId, size, modTime, path);
  }

  /** Removes a copy, if it is there. */
  remove(mirrorId: number, path: string): void {
    const id = this.#paths.find(path);
    if (id !== undefined) this.removeId(mirrorId, id);
  }

  /** Removes a copy by the number of its path. */
  removeId(mirrorId: number, pathId: number): void {
    if (this.#remove.run(mirrorId, pathId).changes !== 0) this.#paths.release(pathId);
  }

  /**
   * Reads some copies on a mirror.
   *
   * @param after number of the last path that was read; 0 to begin
   * @returns the copies and the number to go on with; no copies: that was all
   */
  page(mirrorId: number, after: number): { files: ListedFile[]; last: number } {
    const rows = this.#page.all(mirrorId, after);
    const files = rows.map((row): ListedFile => ({
      path: row.text as string,
      size: row.size as number,
      modTime: row.mod_time as number | null,
    }));
    return { files, last: Number(rows.at(-1)?.path_id ?? after) };
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
