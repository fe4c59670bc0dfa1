import type { StatementSync } from "node:sqlite";
import { type FileRevision, MOST_REVISIONS } from "../../catalog/file_revision.ts";
import type { Connection } from "./connection.ts";

/** Paths of one page. */
const PAGE = 500;

/** Reads former versions of files. */
export class RevisionReader {
  readonly #find: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#find = connection.prepare(`
      SELECT replaced, size, mod_time, lower(hex(sha1)) AS sha1, lower(hex(sha256)) AS sha256,
        lower(hex(md5)) AS md5
      FROM revision WHERE path = ? ORDER BY replaced DESC LIMIT ${MOST_REVISIONS}`);
  }

  /** @returns newest first */
  of(path: string): FileRevision[] {
    return this.#find.all(path).map((row) => ({
      replaced: Number(row.replaced),
      size: Number(row.size),
      modTime: row.mod_time === null ? null : Number(row.mod_time),
      sha1: String(row.sha1 ?? ""),
      sha256: String(row.sha256 ?? ""),
      md5: String(row.md5 ?? ""),
    }));
  }
}

/** Former versions of files. */
export class RevisionTable extends RevisionReader {
  readonly #put: StatementSync;
  readonly #expire: StatementSync;
  readonly #cut: StatementSync;
  readonly #remove: StatementSync;
  readonly #paths: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    super(connection);
    this.#put = connection.prepare(`
      INSERT OR REPLACE INTO revision (path, replaced, size, mod_time, sha1, sha256, md5)
      VALUES (?, ?, ?, ?, unhex(nullif(?, '')), unhex(nullif(?, '')), unhex(nullif(?, '')))`);
    this.#expire = connection.prepare("DELETE FROM revision WHERE replaced < ?");
    this.#cut = connection.prepare(`
      DELETE FROM revision WHERE path = ? AND replaced NOT IN (
        SELECT replaced FROM revision WHERE path = ? ORDER BY replaced DESC LIMIT ${MOST_REVISIONS}
      )`);
    this.#remove = connection.prepare("DELETE FROM revision WHERE path = ?");
    this.#paths = connection.prepare(`
      SELECT DISTINCT path FROM revision WHERE path > ? ORDER BY path LIMIT ${PAGE}`);
  }

  /** Adds one, and removes what is too old. @param oldest milliseconds since the epoch */
  add(path: string, revision: FileRevision, oldest: number): void {
    const { replaced, size, modTime, sha1, sha256, md5 } = revision;
    this.#put.run(path, replaced, size, modTime, sha1, sha256, md5);
    this.#expire.run(oldest);
    this.#cut.run(path, path);
  }

  /** @returns how many there were */
  forget(path: string): number {
    return Number(this.#remove.run(path).changes);
  }

  /** Paths that have some. @param after the last one that was read; empty to begin */
  page(after: string): string[] {
    return this.#paths.all(after).map(({ path }) => String(path));
  }
}
