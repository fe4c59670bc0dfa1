import { StoreUnavailableError } from "../store.ts";
import type { Connection } from "./connection.ts";
import { message } from "./store_error.ts";

/** Marks the file as ours in its header: "mbit". */
const APPLICATION_ID = 0x6d626974;

/**
 * What leads from one format to the next; never changed once released.
 *
 * A path is text once, a number everywhere else. `copy` is clustered by mirror, which makes a mirror's
 * files one range and needs no second index; a look-up asks once for each mirror. Copies whose mirror
 * is gone do not count: they wait to be cleaned up. In the counters, period 0 is all time, and path 0
 * stands for every file.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE source (
    path_id INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    mod_time INTEGER,
    sha1 BLOB,
    sha256 BLOB,
    md5 BLOB
  ) STRICT;
  CREATE TABLE mirror (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    configuration TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE TABLE copy (
    mirror_id INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mod_time INTEGER,
    PRIMARY KEY (mirror_id, path_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    mirror_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (mirror_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE file_downloads (
    period INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    downloads INTEGER NOT NULL,
    PRIMARY KEY (period, path_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE mirror_downloads (
    period INTEGER NOT NULL,
    mirror_id INTEGER NOT NULL,
    downloads INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (period, mirror_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE remembered (
    client BLOB NOT NULL,
    path TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (client, path)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX remembered_expires ON remembered (expires);
  `,
  `
  CREATE TABLE message (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    receiver TEXT NOT NULL,
    node TEXT NOT NULL,
    content TEXT NOT NULL,
    time INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER
  ) STRICT;
  CREATE TABLE told (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE piece (
    path_id INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    mod_time INTEGER NOT NULL,
    sha256 BLOB,
    length INTEGER NOT NULL,
    sha1 BLOB NOT NULL,
    root BLOB,
    layer BLOB
  ) STRICT;
  `,
  // What zsync needs of a file goes with the hashes of its pieces, and is of the same version.
  `
  CREATE TABLE zsync (
    path_id INTEGER PRIMARY KEY,
    block INTEGER NOT NULL,
    sha1 BLOB NOT NULL
  ) STRICT;
  CREATE TABLE zsync_part (
    path_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    sums BLOB NOT NULL,
    PRIMARY KEY (path_id, part)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER piece_removed AFTER DELETE ON piece BEGIN
    DELETE FROM zsync WHERE path_id = old.path_id;
    DELETE FROM zsync_part WHERE path_id = old.path_id;
  END;
  `,
  // A revision outlives its path: a file may be gone for a moment.
  `
  CREATE TABLE revision (
    path TEXT NOT NULL,
    replaced INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mod_time INTEGER,
    sha1 BLOB,
    sha256 BLOB,
    md5 BLOB,
    PRIMARY KEY (path, replaced)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE note (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE verified (
    mirror_id INTEGER NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (mirror_id, version)
  ) STRICT, WITHOUT ROWID;
  `,
  // What zsync needs is so much that it is written and removed in parts, beside what is served.
  `
  CREATE TABLE zsync_body (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
  INSERT INTO zsync_body SELECT path_id FROM zsync;
  ALTER TABLE zsync ADD COLUMN body INTEGER NOT NULL DEFAULT 0;
  UPDATE zsync SET body = path_id;
  CREATE UNIQUE INDEX zsync_of_body ON zsync (body);
  ALTER TABLE zsync_part RENAME COLUMN path_id TO body;
  DELETE FROM zsync_part WHERE body NOT IN (SELECT id FROM zsync_body);
  DROP TRIGGER piece_removed;
  CREATE TRIGGER piece_removed AFTER DELETE ON piece BEGIN
    DELETE FROM zsync WHERE path_id = old.path_id;
  END;
  `,
  // When a scan first saw this very version; NULL: nobody knows.
  "ALTER TABLE source ADD COLUMN first_seen INTEGER",
  // Only bodies that are no file's are listed: to look for them among all takes longer the more there are.
  `
  ALTER TABLE zsync_body RENAME TO zsync_loose;
  DELETE FROM zsync_loose WHERE id IN (SELECT body FROM zsync);
  CREATE TRIGGER zsync_removed AFTER DELETE ON zsync BEGIN
    INSERT INTO zsync_loose (id) VALUES (old.body);
  END;
  `,
  // What is counted by name, by hour and by day; the days that are over begin with what is known.
  `
  CREATE TABLE series (
    period INTEGER NOT NULL,
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (period, name)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO series SELECT period, 'downloads', downloads FROM file_downloads
    WHERE path_id = 0 AND period >= 10000101;
  INSERT INTO series SELECT period, 'bytes', sum(bytes) FROM mirror_downloads
    WHERE period >= 10000101 GROUP BY period;
  `,
];

/**
 * Brings the tables to the format that this program knows, from wherever they are.
 *
 * @throws StoreUnavailableError when the file belongs to a newer version or another program
 */
export function migrate(connection: Connection): void {
  for (let version = checkFormat(connection); version < MIGRATIONS.length; version++) {
    connection.transaction(() => {
      connection.execute(MIGRATIONS[version]!);
      connection.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
      connection.execute(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/**
 * Refuses a file that this program cannot read.
 *
 * @returns its format; 0 for an empty file
 * @throws StoreUnavailableError
 */
export function checkFormat(connection: Connection): number {
  const version = pragma(connection, "user_version");
  const application = pragma(connection, "application_id");
  const tables = connection.attempt(() =>
    connection.prepare("SELECT count(*) AS count FROM sqlite_schema").get()
  )?.count;
  if (tables !== 0 && application !== APPLICATION_ID) {
    const words = "it is a database of another program; set another DatabasePath";
    throw new StoreUnavailableError(message(connection.path, words));
  }
  if (version > MIGRATIONS.length) {
    const words = `a newer version of this program wrote it ` +
      `(format ${version}, this one knows up to ${MIGRATIONS.length}); upgrade the program`;
    throw new StoreUnavailableError(message(connection.path, words));
  }
  return version;
}

/** Refuses a file in any other format than this program's. @throws StoreUnavailableError */
export function requireCurrentFormat(connection: Connection): void {
  if (checkFormat(connection) === MIGRATIONS.length) return;
  const words = "it is empty or in an older format; open it for writing once";
  throw new StoreUnavailableError(message(connection.path, words));
}

function pragma(connection: Connection, name: string): number {
  return connection.attempt(() => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]));
}
