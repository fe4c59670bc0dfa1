import type { StatementSync } from "node:sqlite";
import type { PieceHashes, PieceStamp } from "../../catalog/piece_hashes.ts";
import { type PieceRecord, ZSYNC_PART } from "../../catalog/zsync_sums.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";
import { ZsyncTable } from "./zsync_table.ts";

/** Stamps of one page. */
const PAGE = 2000;

const COLUMNS = "size, mod_time, lower(hex(sha256)) AS sha256, length, sha1, root, layer";

/** Reads the hashes of the pieces of files. */
export class PieceReader {
  readonly #find: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#find = connection.prepare(`
      SELECT text, ${COLUMNS} FROM path JOIN piece ON path_id = path.id WHERE text = ?`);
  }

  /** @returns `null` when there are none for that path */
  get(path: string): PieceHashes | null {
    const row = this.#find.get(path);
    return row === undefined ? null : piecesOf(row);
  }
}

/** The hashes of the pieces of files. */
export class PieceTable extends PieceReader {
  readonly #paths: PathTable;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #page: StatementSync;
  readonly #next: StatementSync;
  /** What zsync needs besides. */
  readonly zsync: ZsyncTable;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    super(connection);
    this.#paths = paths;
    this.#put = connection.prepare(`
      INSERT OR REPLACE INTO piece (path_id, size, mod_time, sha256, length, sha1, root, layer)
      VALUES (?, ?, ?, unhex(nullif(?, '')), ?, ?, ?, ?)`);
    this.#remove = connection.prepare(
      "DELETE FROM piece WHERE path_id IN (SELECT value FROM json_each(?))",
    );
    this.zsync = new ZsyncTable(connection);
    this.#page = connection.prepare(`
      SELECT path_id, text, size, mod_time, root IS NOT NULL AS hybrid,
        EXISTS (SELECT 1 FROM zsync WHERE zsync.path_id = piece.path_id) AS zsync
      FROM piece JOIN path ON path.id = path_id
      WHERE path_id > ? ORDER BY path_id LIMIT ${PAGE}`);
    this.#next = connection.prepare(`
      SELECT path_id, text, ${COLUMNS} FROM piece JOIN path ON path.id = path_id
      WHERE path_id > ? ORDER BY path_id LIMIT 1`);
  }

  /**
   * Adds or replaces what is known of one file, which need not be in the index yet.
   *
   * @param body of what zsync needs, which is written already; `null`: that is not known
   */
  put(record: PieceRecord, body: number | null): void {
    const { path, size, modTime, sha256, length, sha1, root, layer, zsync } = record;
    const id = this.#paths.ensure(path);
    this.#put.run(id, size, modTime, sha256, length, sha1, root, layer);
    this.zsync.put(id, zsync, body);
  }

  /** Does the same at once, with all that zsync needs: that may take a third of a second. */
  putWhole(record: PieceRecord): void {
    const { zsync } = record;
    if (zsync === null) return this.put(record, null);
    const body = this.zsync.addBody();
    for (let part = 0; part * ZSYNC_PART < zsync.sums.length; part++) {
      this.zsync.addPart(body, part, zsync.sums);
    }
    this.put(record, body);
  }

  /** Removes those of some files. @param only no more than what zsync needs */
  removeAll(paths: readonly string[], only?: "zsync"): void {
    const numbers = this.#paths.findAll(paths);
    if (only === "zsync") return numbers.forEach((id) => this.zsync.put(id, null, null));
    const ids = JSON.stringify(numbers);
    if (Number(this.#remove.run(ids).changes) > 0) this.#paths.releaseAll(ids);
  }

  /**
   * Reads of which versions of which files there are some.
   *
   * @param after number of the last path that was read; 0 to begin
   * @returns the stamps and the number to go on with; none: that was all
   */
  page(after: number): { files: PieceStamp[]; last: number } {
    const rows = this.#page.all(after);
    const files = rows.map((row) => ({
      path: String(row.text),
      size: Number(row.size),
      modTime: Number(row.mod_time),
      hybrid: row.hybrid === 1,
      zsync: row.zsync === 1,
    }));
    return { files, last: Number(rows.at(-1)?.path_id ?? after) };
  }

  /** Reads a whole record, which may be large. See {@linkcode page}. */
  records(after: number): { files: PieceRecord[]; last: number } {
    const row = this.#next.get(after);
    if (row === undefined) return { files: [], last: after };
    const id = Number(row.path_id);
    return { files: [{ ...piecesOf(row), zsync: this.zsync.get(id) }], last: id };
  }
}

function piecesOf(row: Record<string, unknown>): PieceHashes {
  return {
    path: String(row.text),
    size: Number(row.size),
    modTime: Number(row.mod_time),
    sha256: String(row.sha256 ?? ""),
    length: Number(row.length),
    sha1: row.sha1 as PieceHashes["sha1"],
    root: row.root as PieceHashes["root"],
    layer: row.layer as PieceHashes["layer"],
  };
}
