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
      JOIN zsync_part ON zsync_part.path_id = path.id
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

/** What zsync needs of files; it is removed with the hashes of their pieces. */
export class ZsyncTable {
  readonly #put: StatementSync;
  readonly #putPart: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeParts: StatementSync;
  readonly #find: StatementSync;
  readonly #parts: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#put = connection.prepare(
      "INSERT INTO zsync (path_id, block, sha1) VALUES (?, ?, unhex(?))",
    );
    this.#putPart = connection.prepare(
      "INSERT INTO zsync_part (path_id, part, sums) VALUES (?, ?, ?)",
    );
    this.#remove = connection.prepare("DELETE FROM zsync WHERE path_id = ?");
    this.#removeParts = connection.prepare("DELETE FROM zsync_part WHERE path_id = ?");
    this.#find = connection.prepare(
      "SELECT block, lower(hex(sha1)) AS sha1 FROM zsync WHERE path_id = ?",
    );
    this.#parts = connection.prepare(
      "SELECT sums FROM zsync_part WHERE path_id = ? ORDER BY part",
    );
  }

  /** Adds or replaces what is known of a path. @param zsync `null`: nothing any more */
  put(pathId: number, zsync: ZsyncSums | null): void {
    this.#remove.run(pathId);
    this.#removeParts.run(pathId);
    if (zsync === null) return;
    const { block, sha1, sums } = zsync;
    this.#put.run(pathId, block, sha1);
    for (let part = 0; part * ZSYNC_PART < sums.length; part++) {
      const from = part * ZSYNC_PART;
      this.#putPart.run(pathId, part, sums.subarray(from, from + ZSYNC_PART));
    }
  }

  /** All of it. @returns `null` when there is nothing */
  get(pathId: number): ZsyncSums | null {
    const row = this.#find.get(pathId);
    if (row === undefined) return null;
    const parts = this.#parts.all(pathId).map(({ sums }) => sums as Uint8Array);
    const sums = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      sums.set(part, at);
      at += part.length;
    }
    return { block: Number(row.block), sha1: String(row.sha1), sums };
  }
}
