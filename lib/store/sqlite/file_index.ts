import type { StatementSync } from "node:sqlite";
import { type GoneFile, parseGone } from "../../catalog/gone_file.ts";
import type { FileCopy, IndexedFile } from "../../catalog/file.ts";
import type { Connection } from "./connection.ts";

/** The mirrors outside (`CROSS JOIN`) and by ID (not by the index of names): so the copies come in order. */
const SELECT = `
  SELECT text, source.size, source.mod_time, lower(hex(sha1)) AS sha1,
    lower(hex(sha256)) AS sha256, lower(hex(md5)) AS md5,
    (SELECT json_group_array(json_array(mirror.id, copy.size, copy.mod_time))
      FROM mirror NOT INDEXED CROSS JOIN copy ON mirror_id = mirror.id AND copy.path_id = path.id) AS copies
  FROM path JOIN source ON source.path_id = path.id`;

const SELECT_GONE = `
  SELECT value, (SELECT json_group_array(json_array(mirror.id, copy.size, copy.mod_time))
      FROM path CROSS JOIN mirror NOT INDEXED
      CROSS JOIN copy ON mirror_id = mirror.id AND copy.path_id = path.id
      WHERE text = note.name) AS copies
  FROM note WHERE kind = 'gone' AND name = ?`;

/** Files with all their copies: one statement, so that a change is seen whole or not at all. */
export class FileIndex {
  readonly #byPath: StatementSync;
  readonly #byId: StatementSync;
  readonly #gone: StatementSync;
  readonly #asked: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#byPath = connection.prepare(`${SELECT} WHERE text = ?`);
    this.#byId = connection.prepare(`${SELECT} WHERE path.id = ?`);
    this.#gone = connection.prepare(SELECT_GONE);
    this.#asked = connection.prepare("SELECT value FROM note WHERE kind = 'asked' AND name = ?");
  }

  /** @returns `null` when the source has no such file */
  byPath(path: string): IndexedFile | null {
    const row = this.#byPath.get(path) as unknown as Row | undefined;
    return row ? toFile(row) : null;
  }

  /** @returns `null` when no note tells of it */
  gone(path: string): GoneFile | null {
    const row = this.#gone.get(path);
    return row ? parseGone(path, String(row.value), toCopies(String(row.copies))) : null;
  }

  /** What notes say of files that a mirror was asked for. */
  asked(names: readonly string[]): (string | null)[] {
    return names.map((name) => {
      const value = this.#asked.get(name)?.value;
      return typeof value === "string" ? value : null;
    });
  }

  /** @returns `null` when the source has no such file */
  byId(pathId: number): IndexedFile | null {
    const row = this.#byId.get(pathId) as unknown as Row | undefined;
    return row ? toFile(row) : null;
  }
}

interface Row {
  readonly text: string;
  readonly size: number;
  readonly mod_time: number | null;
  readonly sha1: string;
  readonly sha256: string;
  readonly md5: string;
  readonly copies: string;
}

function toCopies(text: string): FileCopy[] {
  const copies = JSON.parse(text) as [number, number, number | null][];
  return copies.map(([mirrorId, size, modTime]) => ({ mirrorId, size, modTime }));
}

function toFile(row: Row): IndexedFile {
  return {
    file: {
      path: row.text,
      size: row.size,
      modTime: row.mod_time,
      sha1: row.sha1,
      sha256: row.sha256,
      md5: row.md5,
    },
    copies: toCopies(row.copies),
  };
}
