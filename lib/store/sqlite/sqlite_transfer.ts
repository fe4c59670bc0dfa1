import { NOTE_KINDS } from "../note_store.ts";
import type { StoreTransfer, TransferPart } from "../transfer/transfer.ts";
import { bringUpToDate } from "./bring_up_to_date.ts";
import { checkIntegrity } from "./check_integrity.ts";
import type { Connection } from "./connection.ts";
import { CopyTable } from "./copy_table.ts";
import { EventTable } from "./event_table.ts";
import { type MemoryMask, openMask } from "./memory_mask.ts";
import { MessageTable } from "./message_table.ts";
import { MirrorTable } from "./mirror_table.ts";
import { openConnection } from "./open_connection.ts";
import type { SqliteStoreOptions } from "./open_sqlite_store.ts";
import { NoteTable } from "./note_table.ts";
import { PathTable } from "./path_table.ts";
import { periodKey, periodOf } from "./period_key.ts";
import { PieceTable } from "./piece_table.ts";
import { SeriesReader, SeriesWriter } from "./series_table.ts";
import { RevisionTable } from "./revision_table.ts";
import { SourceTable } from "./source_table.ts";
import { takeWriterLock } from "./writer_lock.ts";

/** Events kept of each mirror. */
const EVENTS = 10_000;

/** Rows of one page. */
const PAGE = 5_000;

/** What {@linkcode openSqliteTransfer} takes: as for a store that a daemon has. */
export type SqliteTransferOptions = Pick<SqliteStoreOptions, "path" | "log" | "newKey">;

/**
 * Opens an embedded store to be filled or emptied as a whole; it is made where it is missing.
 *
 * @throws StoreUnavailableError when a daemon has it, or it cannot be used
 */
export async function openSqliteTransfer(
  { path, log, newKey }: SqliteTransferOptions,
): Promise<StoreTransfer> {
  const lock = takeWriterLock(path);
  let connection: Connection | undefined;
  try {
    connection = openConnection({ path, readOnly: false });
    checkIntegrity(connection);
    await bringUpToDate(connection, log);
    return new SqliteTransfer(connection, lock, openMask(connection, newKey ?? null));
  } catch (error) {
    connection?.[Symbol.dispose]();
    lock[Symbol.dispose]();
    throw error;
  }
}

class SqliteTransfer implements StoreTransfer {
  readonly description: string;
  readonly #connection: Connection;
  readonly #lock: Disposable;
  readonly #paths: PathTable;
  readonly #mirrors: MirrorTable;
  readonly #source: SourceTable;
  readonly #pieces: PieceTable;
  readonly #revisions: RevisionTable;
  readonly #notes: NoteTable;
  readonly #copies: CopyTable;
  readonly #events: EventTable;
  readonly #messages: MessageTable;
  readonly #series: SeriesReader;
  readonly #seriesWriter: SeriesWriter;

  readonly #mask: MemoryMask;

  constructor(connection: Connection, lock: Disposable, mask: MemoryMask) {
    this.#mask = mask;
    this.#connection = connection;
    this.#lock = lock;
    this.description = `SQLite at ${connection.path}`;
    this.#paths = new PathTable(connection);
    this.#mirrors = new MirrorTable(connection, null);
    this.#source = new SourceTable(connection, this.#paths);
    this.#pieces = new PieceTable(connection, this.#paths);
    this.#revisions = new RevisionTable(connection);
    this.#notes = new NoteTable(connection);
    this.#copies = new CopyTable(connection, this.#paths);
    this.#events = new EventTable(connection);
    this.#messages = new MessageTable(connection);
    this.#series = new SeriesReader(connection);
    this.#seriesWriter = new SeriesWriter(connection);
  }

  isEmpty(): Promise<boolean> {
    const [row] = this.#rows(`
      SELECT EXISTS (SELECT 1 FROM mirror) OR EXISTS (SELECT 1 FROM source)
        OR EXISTS (SELECT 1 FROM file_downloads) OR EXISTS (SELECT 1 FROM mirror_downloads)
        OR EXISTS (SELECT 1 FROM series) AS used`);
    return Promise.resolve(row?.used === 0);
  }

  async *export(): AsyncGenerator<TransferPart> {
    const mirrors = this.#connection.attempt(() => this.#mirrors.all());
    const [sequence] = this.#rows("SELECT seq FROM sqlite_sequence WHERE name = 'mirror'");
    yield { type: "mirrors", lastId: Number(sequence?.seq ?? 0), mirrors };
    yield* this.#pages((after) => this.#source.page(after), (files) => ({ type: "source", files }));
    yield* this.#pages(
      (after) => this.#pieces.records(after),
      (records) => ({ type: "pieces", records }),
    );
    let paths = this.#connection.attempt(() => this.#revisions.page(""));
    while (paths.length > 0) {
      for (const path of paths) {
        const revisions = this.#connection.attempt(() => this.#revisions.of(path));
        yield { type: "revisions", path, revisions };
      }
      const last = paths.at(-1)!;
      paths = this.#connection.attempt(() => this.#revisions.page(last));
    }
    for (const kind of NOTE_KINDS) {
      const notes = this.#connection.attempt(() => this.#notes.all(kind));
      if (notes.size > 0) yield { type: "notes", kind, notes };
    }
    const salt = this.#connection.attempt(() => this.#notes.all("salt")).get("");
    if (salt !== undefined) yield { type: "salt", salt };
    for (const { id: mirrorId } of mirrors) {
      yield* this.#pages(
        (after) => this.#copies.page(mirrorId, after),
        (files) => ({ type: "copies", mirrorId, files }),
      );
      const events = this.#connection.attempt(() => this.#events.newest(mirrorId, EVENTS));
      yield { type: "events", mirrorId, events };
    }
    yield* this.#exportCounters();
    const [total] = this.#rows(
      "SELECT downloads FROM file_downloads WHERE period = 0 AND path_id = 0",
    );
    yield { type: "total", downloads: Number(total?.downloads ?? 0) };
    yield this.#connection.attempt(() => ({
      type: "messages",
      waiting: this.#messages.waiting(),
      told: this.#messages.told(),
    }));
    const remembered = this.#rows(
      "SELECT lower(hex(client)) AS client, path, expires FROM remembered",
    );
    yield {
      type: "remembered",
      downloads: remembered.map(({ client, path, expires }) => ({
        clientHash: this.#mask.reveal(String(client), String(path)),
        path: String(path),
        expires: Number(expires),
      })),
    };
  }

  import(part: TransferPart): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.transaction(() => this.#write(part));
      resolve();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
    return Promise.resolve();
  }

  *#exportCounters(): Generator<TransferPart> {
    const periods = this.#rows(`
      SELECT period FROM file_downloads UNION SELECT period FROM mirror_downloads ORDER BY period`);
    for (const { period: key } of periods) {
      const period = periodOf(Number(key));
      let last = 0;
      while (true) {
        const rows = this.#rows(
          `SELECT path_id, text, downloads FROM file_downloads JOIN path ON path.id = path_id
          WHERE period = ? AND path_id > ? ORDER BY path_id LIMIT ${PAGE}`,
          Number(key),
          last,
        );
        if (rows.length === 0) break;
        const counts = new Map(rows.map((row) => [String(row.text), Number(row.downloads)]));
        yield { type: "file_downloads", period, counts };
        last = Number(rows.at(-1)?.path_id);
      }
      const rows = this.#rows(
        "SELECT mirror_id, downloads, bytes FROM mirror_downloads WHERE period = ?",
        Number(key),
      );
      if (rows.length === 0) continue;
      const counts = new Map(rows.map((row) => [
        Number(row.mirror_id),
        { downloads: Number(row.downloads), bytes: Number(row.bytes) },
      ]));
      yield { type: "mirror_downloads", period, counts };
    }
    for (const { period } of this.#rows("SELECT DISTINCT period FROM series ORDER BY period")) {
      const time = periodOf(Number(period));
      const counts = this.#connection.attempt(() => this.#series.sums([time]));
      yield { type: "series", time, counts };
    }
  }

  #write(part: TransferPart): void {
    switch (part.type) {
      case "mirrors":
        for (const mirror of part.mirrors) {
          this.#setLastId(mirror.id - 1);
          this.#mirrors.add(mirror);
          this.#mirrors.updateState(mirror.id, mirror);
        }
        return this.#setLastId(part.lastId);
      case "source":
        return void this.#source.putAll(part.files);
      case "pieces":
        return part.records.forEach((record) => this.#pieces.putWhole(record));
      case "revisions":
        return part.revisions.forEach((each) => this.#revisions.add(part.path, each, 0));
      case "notes":
        return this.#notes.change(part.kind, { put: part.notes });
      case "salt":
        return this.#notes.change("salt", { put: new Map([["", part.salt]]) });
      case "copies":
        return this.#copies.putAll(part.mirrorId, part.files);
      case "events":
        return part.events.forEach((event) => this.#events.add(event));
      case "file_downloads": {
        const period = periodKey(part.period);
        let sum = 0;
        for (const [path, count] of part.counts) {
          this.#addDownloads(period, this.#paths.ensure(path), count);
          sum += count;
        }
        return this.#addDownloads(period, 0, sum);
      }
      case "mirror_downloads":
        for (const [id, { downloads, bytes }] of part.counts) {
          this.#run(
            "INSERT INTO mirror_downloads (period, mirror_id, downloads, bytes) VALUES (?, ?, ?, ?)",
            ...[periodKey(part.period), id, downloads, bytes],
          );
        }
        return;
      case "series":
        for (const [name, count] of part.counts) this.#seriesWriter.addOne(part.time, name, count);
        return;
      case "total":
        // The counters have added up to it, but for what had no room in them.
        this.#run("DELETE FROM file_downloads WHERE period = 0 AND path_id = 0");
        return part.downloads > 0 ? this.#addDownloads(0, 0, part.downloads) : undefined;
      case "messages":
        return void this.#messages.change({ put: part.waiting, told: part.told });
      case "remembered":
        for (const { clientHash, path, expires } of part.downloads) {
          this.#run(
            "INSERT INTO remembered (client, path, expires) VALUES (unhex(?), ?, ?)",
            ...[this.#mask.hide(clientHash, path), path, expires],
          );
        }
    }
  }

  #addDownloads(period: number, pathId: number, downloads: number): void {
    this.#run(
      `INSERT INTO file_downloads (period, path_id, downloads) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET downloads = downloads + excluded.downloads`,
      ...[period, pathId, downloads],
    );
  }

  /** The next mirror gets the ID after this one. */
  #setLastId(id: number): void {
    this.#run("DELETE FROM sqlite_sequence WHERE name = 'mirror'");
    this.#run("INSERT INTO sqlite_sequence (name, seq) VALUES ('mirror', ?)", id);
  }

  *#pages<T>(
    page: (after: number) => { files: T[]; last: number },
    toPart: (files: T[]) => TransferPart,
  ): Generator<TransferPart> {
    let after = 0;
    while (true) {
      const from = after;
      const { files, last } = this.#connection.attempt(() => page(from));
      if (files.length === 0) return;
      yield toPart(files);
      after = last;
    }
  }

  #rows(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#connection.attempt(() => this.#connection.prepare(sql).all(...values));
  }

  #run(sql: string, ...values: (string | number)[]): void {
    this.#connection.prepare(sql).run(...values);
  }
}
