import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../log/message_of.ts";
import { dayCounts } from "../day_counts.ts";
import type { DownloadBatch } from "../download_counts.ts";
import type { DownloadJournal, JournaledBatch } from "../download_journal.ts";
import { createFile, DIRECTORY_MODE } from "./create_file.ts";

/** Marks the file as ours in its header: "mbjo". */
const APPLICATION_ID = 0x6d626a6f;

/** So many daemons of one machine may keep a journal in one directory. */
const MOST_FILES = 16;

/** What is kept of a batch; the names are those of the file's format. */
interface Content {
  readonly day: string;
  readonly files: [path: string, downloads: number][];
  readonly mirrors: [id: number, downloads: number, bytes: number][];
  /** Files of earlier versions have none. */
  readonly hours?: [hour: string, counts: [name: string, count: number][]][];
  readonly ranged: NonNullable<DownloadBatch["ranged"]>;
}

/**
 * The journal in an SQLite file: what was written is there after `kill -9`, and nothing is there by
 * half. A file belongs to one process at a time; the kernel frees it when the process ends. There is no
 * file before there is something to keep.
 */
export class SqliteJournal implements DownloadJournal {
  readonly #first: string;
  #path: string;
  #database: DatabaseSync | null = null;
  /** Files that other processes have left, until what is in them is done with. */
  #left: DatabaseSync[] = [];

  /** @param path the file; where others have it, `name-2.db` and so on are taken instead */
  constructor(path: string) {
    this.#first = path;
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  adopt(): JournaledBatch[] {
    const batches: JournaledBatch[] = [];
    for (const path of this.#places()) {
      const database = exists(path) ? open(path) : null;
      if (database === null) continue;
      if (this.#database === null) this.#use(database, path);
      else this.#left.push(database);
      batches.push(
        ...this.#attempt(() =>
          database.prepare("SELECT id, content FROM batch ORDER BY number").all()
            .map((row) => parse(String(row.id), String(row.content)))
        ),
      );
    }
    return batches;
  }

  replace(removed: readonly string[], added: readonly JournaledBatch[]): void {
    if (this.#database === null) this.#create();
    const database = this.#database!;
    this.#attempt(() => {
      write(database, removed, added);
      this.#left = this.#left.filter((other) => {
        write(other, removed, []);
        const used = other.prepare("SELECT 1 FROM batch LIMIT 1").get() !== undefined;
        if (!used) other.close();
        return used;
      });
    });
  }

  /** Closes the files; what is in them stays. */
  [Symbol.dispose](): void {
    for (const database of [this.#database, ...this.#left]) database?.close();
    this.#database = null;
    this.#left = [];
  }

  /** @throws Error when there is no room beside the journals of others */
  #create(): void {
    for (const path of this.#places()) {
      const database = open(path);
      if (database !== null) return this.#use(database, path);
    }
    throw new Error(`Other daemons use all ${MOST_FILES} journals beside "${this.#first}"`);
  }

  #use(database: DatabaseSync, path: string): void {
    this.#database = database;
    this.#path = path;
  }

  #places(): string[] {
    return Array.from(
      { length: MOST_FILES },
      (_, i) => i === 0 ? this.#first : this.#first.replace(/(\.db)?$/, `-${i + 1}$1`),
    );
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw failure(this.#path, error);
    }
  }
}

/** Opens a file for this process alone. @returns `null` when another process has it */
function open(path: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
    createFile(path);
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
    // In the exclusive mode, the lock that the first transaction takes is kept.
    database.exec("BEGIN IMMEDIATE");
    prepare(database);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && error.message.includes("locked")) return null;
    throw failure(path, error);
  }
}

function write(
  database: DatabaseSync,
  removed: readonly string[],
  added: readonly JournaledBatch[],
): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const remove = database.prepare("DELETE FROM batch WHERE id = ?");
    for (const id of removed) remove.run(id);
    const add = database.prepare("INSERT INTO batch (id, content) VALUES (?, ?)");
    for (const batch of added) add.run(batch.id, format(batch));
    database.exec("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Makes the table where it is missing. @throws Error when the file is not a journal */
function prepare(database: DatabaseSync): void {
  const application = database.prepare("PRAGMA application_id").get()?.application_id;
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  if (tables !== 0 && application !== APPLICATION_ID) {
    throw new Error("it belongs to another program");
  }
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`
    CREATE TABLE IF NOT EXISTS batch (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      content TEXT NOT NULL
    ) STRICT`);
}

function format({ day, files, mirrors, hours = new Map(), ranged = [] }: JournaledBatch): string {
  const content: Content = {
    day,
    files: [...files],
    mirrors: [...mirrors].map(([id, { downloads, bytes }]) => [id, downloads, bytes]),
    hours: [...hours].map(([hour, counts]) => [hour, [...counts]]),
    ranged,
  };
  return JSON.stringify(content);
}

function parse(id: string, text: string): JournaledBatch {
  const { day, files, mirrors, hours, ranged } = JSON.parse(text) as Content;
  const batch = {
    day,
    files: new Map(files),
    mirrors: new Map(mirrors.map(([id, downloads, bytes]) => [id, { downloads, bytes }])),
  };
  return {
    id,
    ...batch,
    hours: hours === undefined
      ? new Map([[day, dayCounts(batch)]])
      : new Map(hours.map(([hour, counts]) => [hour, new Map(counts)])),
    ranged,
  };
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // A full disk has ended the transaction already; the failure that led here is the one to tell.
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function failure(path: string, error: unknown): Error {
  const words = messageOf(error);
  return new Error(`Cannot use the journal "${basename(path)}" in "${dirname(path)}": ${words}`, {
    cause: error,
  });
}
