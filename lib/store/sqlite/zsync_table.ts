import { concat } from "@std/bytes";
import type { StatementSync } from "node:sqlite";
import { ZSYNC_PART, type ZsyncHead, type ZsyncSums } from "../../catalog/zsync_sums.ts";
import type { Connection } from "./connection.ts";

/** Reads what zsync needs of files. */
export class ZsyncReader {
  readonly #head: StatementSync;
  readonly #part: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#head = connection.prepare(`
      SELECT piece.size, piece.mod_time, lower(hex(piece.sha256)) AS sha256, block,
        lower(hex(zsync.sha1)) AS sha1
      FROM path JOIN piece ON piece.path_id = path.id JOIN zsync ON zsync.path_id = path.id
      WHERE text = ?`);
    this.#part = connection.prepare(`
      SELECT sums
      FROM path JOIN piece ON piece.path_id = path.id JOIN zsync ON zsync.path_id = path.id
      JOIN zsync_part ON zsync_part.body = zsync.body
      WHERE text = ? AND piece.size = ? AND piece.mod_time = ? AND zsync.sha1 = unhex(?) AND part = ?`);
  }

  /** @returns `null` when there is nothing for that path */
  head(path: string): ZsyncHead | null {
    const row = this.#head.get(path);
    if (row === undefined) return null;
    return {
      path,
      size: Number(row.size),
      modTime: Number(row.mod_time),
      sha256: String(row.sha256 ?? ""),
      block: Number(row.block),
      sha1: String(row.sha1),
    };
  }

  /** @returns `null` when it belongs to another version, or is gone */
  part({ path, size, modTime, sha1 }: ZsyncHead, part: number): Uint8Array<ArrayBuffer> | null {
    const row = this.#part.get(path, size, modTime, sha1, part);
    return row === undefined ? null : row.sums as Uint8Array<ArrayBuffer>;
  }
}

/** Parts that are removed at once: one MiB. */
const REMOVED = 4;

/**
 * What zsync needs of files. The sums of a file are a body of their own, which is written before it is that of
 * the file, and removed after that: they may be many.
 */
export class ZsyncTable {
  readonly #put: StatementSync;
  readonly #putPart: StatementSync;
  readonly #remove: StatementSync;
  readonly #add: StatementSync;
  readonly #orphan: StatementSync;
  readonly #removeParts: StatementSync;
  readonly #release: StatementSync;
  readonly #find: StatementSync;
  readonly #parts: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#put = connection.prepare(
      "INSERT INTO zsync (path_id, block, sha1, body) VALUES (?, ?, unhex(?), ?)",
    );
    this.#putPart = connection.prepare(
      "INSERT INTO zsync_part (body, part, sums) VALUES (?, ?, ?)",
    );
    this.#remove = connection.prepare("DELETE FROM zsync WHERE path_id = ?");
    this.#add = connection.prepare("INSERT INTO zsync_loose DEFAULT VALUES");
    this.#orphan = connection.prepare("SELECT id FROM zsync_loose LIMIT 1");
    this.#removeParts = connection.prepare(`
      DELETE FROM zsync_part WHERE body = ?
      AND part IN (SELECT part FROM zsync_part WHERE body = ? ORDER BY part LIMIT ${REMOVED})`);
    this.#release = connection.prepare("DELETE FROM zsync_loose WHERE id = ?");
    this.#find = connection.prepare(
      "SELECT block, lower(hex(sha1)) AS sha1, body FROM zsync WHERE path_id = ?",
    );
    this.#parts = connection.prepare("SELECT sums FROM zsync_part WHERE body = ? ORDER BY part");
  }

  /** Begins a body, which belongs to no file yet. @returns its number */
  addBody(): number {
    return Number(this.#add.run().lastInsertRowid);
  }

  /** Writes a part of a body. */
  addPart(body: number, part: number, sums: Uint8Array): void {
    this.#putPart.run(body, part, sums.subarray(part * ZSYNC_PART, (part + 1) * ZSYNC_PART));
  }

  /** Adds or replaces what is known of a path. @param body of the sums; `null`: there is nothing any more */
  put(pathId: number, zsync: Pick<ZsyncSums, "block" | "sha1"> | null, body: number | null): void {
    this.#remove.run(pathId);
    if (zsync === null) return;
    this.#put.run(pathId, zsync.block, zsync.sha1, body);
    this.#release.run(body);
  }

  /** Removes some of what belongs to no file any more. @returns whether there may be more */
  removeSome(): boolean {
    const orphan = this.#orphan.get();
    if (orphan === undefined) return false;
    const id = Number(orphan.id);
    if (Number(this.#removeParts.run(id, id).changes) === 0) this.#release.run(id);
    return true;
  }

  /** All of it. @returns `null` when there is nothing */
  get(pathId: number): ZsyncSums | null {
    const row = this.#find.get(pathId);
    if (row === undefined) return null;
    const parts = this.#parts.all(Number(row.body)).map(({ sums }) => sums as Uint8Array);
    return { block: Number(row.block), sha1: String(row.sha1), sums: concat(parts) };
  }
}
