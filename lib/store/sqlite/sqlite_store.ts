import type { IndexedFile, ListedFile, SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import type { PieceStamp } from "../../catalog/piece_hashes.ts";
import type { PieceRecord } from "../../catalog/zsync_sums.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import type { CopyDifference, SourceDifference } from "../difference.ts";
import type { CountedPeriods, DownloadBatch, Hour, Period } from "../download_counts.ts";
import type { MessageStore } from "../message_store.ts";
import type { NoteStore } from "../note_store.ts";
import {
  NoSuchMirrorError,
  type Store,
  type StoreChange,
  StoreUnavailableError,
} from "../store.ts";
import type { LockTarget, StoreLock } from "../store_lock.ts";
import type { VerificationStore } from "../verification_store.ts";
import { ChangeFeed } from "./change_feed.ts";
import type { Connection } from "./connection.ts";
import { CopyTable } from "./copy_table.ts";
import { CounterWriter } from "./counter_writer.ts";
import { countRanges, DownloadMemory } from "./download_memory.ts";
import { EventTable } from "./event_table.ts";
import { FileIndex } from "./file_index.ts";
import { IndexWriter } from "./index_writer.ts";
import { JournalRelief } from "./journal_relief.ts";
import { LocalLocks } from "./local_locks.ts";
import type { MemoryMask } from "./memory_mask.ts";
import { MessageBox } from "./message_table.ts";
import { MirrorTable } from "./mirror_table.ts";
import { NoteBox } from "./note_table.ts";
import { PathTable } from "./path_table.ts";
import { PieceTable } from "./piece_table.ts";
import { PieceWriter } from "./piece_writer.ts";
import { RevisionTable } from "./revision_table.ts";
import { CountedTable } from "./series_table.ts";
import { SharedFiles } from "./shared_files.ts";
import { SOURCE_PAGE, SourceTable } from "./source_table.ts";
import { SqliteReads } from "./sqlite_reads.ts";
import { StoreAccess } from "./store_access.ts";
import { TimeSlice } from "./time_slice.ts";
import { VerificationTable } from "./verification_table.ts";

/** What the embedded store is made of. */
export interface SqliteStoreParts {
  /** In the current format; belongs to the store from now on. */
  readonly connection: Connection;
  /** Keeps others from writing; belongs to the store from now on. */
  readonly lock: Disposable;
  /** Hides who downloads what in ranges. */
  readonly mask: MemoryMask;
  /** Gets what goes wrong, and right again. */
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** By which the file is looked at from time to time; absent: it is not. */
  readonly clock?: Pick<Clock, "every">;
}

/** The embedded store, for the control thread: one connection that reads and writes. */
export class SqliteStore extends SqliteReads implements Store {
  readonly #connection: Connection;
  readonly #lock: Disposable;
  readonly #now: () => number;
  readonly #feed: ChangeFeed;
  readonly #locks = new LocalLocks();
  readonly #index: FileIndex;
  readonly #mirrors: MirrorTable;
  readonly #source: SourceTable;
  readonly #pieces: PieceTable;
  readonly #pieceWriter: PieceWriter;
  readonly #revisions: RevisionTable;
  readonly #copies: CopyTable;
  readonly #shared: SharedFiles;
  readonly #counterWriter: CounterWriter;
  readonly #counted: CountedTable;
  readonly #events: EventTable;
  readonly #memory: DownloadMemory;
  readonly #writer: IndexWriter;
  readonly #access: StoreAccess;

  /** There is one node. */
  readonly cluster = null;
  readonly messages: MessageStore;
  readonly notes: NoteStore;
  readonly verifications: VerificationStore;
  readonly #verified: VerificationTable;
  readonly description: string;

  /** Takes the connection and the lock over; {@linkcode openSqliteStore} makes them. */
  constructor({ connection, lock, mask, log, now, clock }: SqliteStoreParts) {
    super(connection, now);
    this.#connection = connection;
    this.#lock = lock;
    this.#now = now;
    this.#feed = new ChangeFeed(log);
    const paths = new PathTable(connection);
    this.#index = new FileIndex(connection);
    this.#mirrors = new MirrorTable(connection, log);
    this.#source = new SourceTable(connection, paths);
    this.#pieces = new PieceTable(connection, paths);
    this.#pieceWriter = new PieceWriter({ connection, pieces: this.#pieces, now });
    this.#revisions = new RevisionTable(connection);
    this.#copies = new CopyTable(connection, paths);
    this.#shared = new SharedFiles(connection, now);
    this.#counterWriter = new CounterWriter(connection, paths);
    this.#counted = new CountedTable(connection);
    this.#events = new EventTable(connection);
    const publish = (change: StoreChange): void => this.#feed.publish(change);
    const access = this.#access = new StoreAccess({ connection, log, now, clock, publish });
    this.messages = new MessageBox(connection, access);
    this.notes = new NoteBox(connection, access, publish);
    const verified = this.#verified = new VerificationTable(connection);
    this.verifications = {
      claim: (id, version) =>
        access.write(() => this.#mirrors.has(id) && verified.claim(id, version)),
      release: (id, version) => access.write(() => verified.release(id, version)),
    };
    this.#memory = new DownloadMemory(connection, mask);
    this.#writer = new IndexWriter({
      connection,
      mirrors: this.#mirrors,
      source: this.#source,
      copies: this.#copies,
      now,
      publish,
    });
    this.description = describe(connection);
  }

  get available(): boolean {
    return this.#access.available;
  }

  get trouble(): string | null {
    return this.#access.trouble;
  }

  async addRevision(path: string, revision: FileRevision, oldest: number): Promise<void> {
    await this.#access.write(() => this.#revisions.add(path, revision, oldest));
    this.#feed.publish({ type: "files", paths: [path], now: "same" });
  }

  forgetRevisions(path: string): Promise<number> {
    return this.#access.write(() => this.#revisions.forget(path));
  }

  mirrors(): Promise<MirrorRecord[]> {
    return this.#access.read(() => this.#mirrors.all());
  }

  mirror(id: number): Promise<MirrorRecord | null> {
    return this.#access.read(() => this.#mirrors.get(id));
  }

  async addMirror(mirror: Omit<Mirror, "id">): Promise<number> {
    const id = await this.#access.write(() => this.#mirrors.add(mirror));
    this.#feed.publish({ type: "mirror", id });
    return id;
  }

  async updateMirror(mirror: Mirror): Promise<void> {
    await this.#access.write(() => this.#mirrors.update(mirror));
    this.#feed.publish({ type: "mirror", id: mirror.id });
  }

  async updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void> {
    const changed = await this.#access.write(() => this.#mirrors.updateState(id, state));
    if (changed) this.#feed.publish({ type: "mirror", id });
  }

  async enableMirror(id: number, enabled: boolean): Promise<void> {
    await this.#access.write(() => {
      const mirror = this.#mirrors.get(id);
      if (!mirror) throw new NoSuchMirrorError(id);
      this.#mirrors.update({ ...mirror, enabled });
    });
    this.#feed.publish({ type: "mirror", id });
  }

  async removeMirror(id: number): Promise<void> {
    await this.#access.write(() => {
      this.#mirrors.remove(id);
      this.#events.remove(id);
      this.#verified.clear(id);
    });
    this.#locks.revoke({ mirrorId: id }, new NoSuchMirrorError(id));
    this.#feed.publish({ type: "mirror", id });
    await this.#access.watch(() => this.#writer.removeCopies(id));
  }

  /** Removes what removals of mirrors that were cut short have left; once, at the start. */
  removeOrphans(): Promise<void> {
    // Nobody waits for these: they may be gigabytes, and what is left is removed another time.
    this.#pieceWriter.removeOrphans().catch(() => {});
    return this.#writer.removeOrphans();
  }

  countFiles(): Promise<number> {
    return this.#access.read(() => this.#writer.fileCount);
  }

  sourceFiles(): AsyncIterable<readonly SourceFile[]> {
    return this.#access.pages((after) => this.#source.page(after));
  }

  async *sourceFilesAt(paths: readonly string[]): AsyncIterable<readonly SourceFile[]> {
    const slice = new TimeSlice(this.#now);
    for (let at = 0; at < paths.length; at += SOURCE_PAGE) {
      const some = paths.slice(at, at + SOURCE_PAGE);
      const files = this.#connection.attempt(() => this.#source.at(some));
      if (files.length > 0) yield files;
      await slice.turn();
    }
  }

  updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void> {
    return this.#access.watch(async () => {
      await this.#writer.updateSource(difference, signal);
      if (difference.removed.length > 0) await this.#pieceWriter.removeOrphans();
    });
  }

  async putPieces(record: PieceRecord): Promise<void> {
    await this.#access.watch(() => this.#pieceWriter.put(record));
    this.#feed.publish({ type: "files", paths: [record.path], now: "same" });
  }

  async removePieces(paths: readonly string[], only?: "zsync"): Promise<void> {
    if (paths.length > 0) await this.#access.watch(() => this.#pieceWriter.remove(paths, only));
  }

  pieceStamps(): AsyncIterable<readonly PieceStamp[]> {
    return this.#access.pages((after) => this.#pieces.page(after));
  }

  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    return this.#access.pages((after) =>
      this.#mirrors.has(mirrorId) ? this.#copies.page(mirrorId, after) : { files: [], last: after }
    );
  }

  async updateCopies(
    mirrorId: number,
    difference: CopyDifference,
    signal: AbortSignal,
  ): Promise<number> {
    await this.#access.watch(() => this.#writer.updateCopies(mirrorId, difference, signal));
    return await this.#connection.attemptAsync(() => this.#shared.count(mirrorId));
  }

  async sharedFile(mirrorId: number, random: () => number): Promise<IndexedFile | null> {
    return (await this.sharedFiles(mirrorId, 1, random))[0] ?? null;
  }

  sharedFiles(
    mirrorId: number,
    count: number,
    random: () => number,
  ): Promise<IndexedFile[]> {
    return this.#connection.attemptAsync(async () => {
      if (!this.#mirrors.has(mirrorId)) return [];
      const ids = await this.#shared.draw(mirrorId, count, random);
      // What was drawn may have gone meanwhile.
      return ids.flatMap((id) => this.#index.byId(id) ?? []);
    });
  }

  addDownloads(batch: DownloadBatch): Promise<void> {
    const now = this.#now();
    return this.#access.write(() =>
      this.#counterWriter.add(
        countRanges(batch, ({ clientHash, path, seconds }) =>
          this.#memory.remember(clientHash, path, now, now + seconds * 1000)),
      )
    );
  }

  countedPeriods(): Promise<CountedPeriods> {
    return this.#access.read(() => this.#counted.periods());
  }

  removeCounted(
    kind: keyof CountedPeriods,
    period: Hour | Period,
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#access.watch(async () => {
      const slice = new TimeSlice(this.#now);
      await using journal = new JournalRelief(this.#connection);
      let removed = 0;
      while (true) {
        signal?.throwIfAborted();
        const some = this.#connection.transaction(() => this.#counted.remove(kind, period));
        if (some === 0) return removed;
        removed += some;
        await journal.committed();
        await slice.turn();
      }
    });
  }

  addEvent(event: MirrorEvent): Promise<void> {
    return this.#access.write(() => this.#events.add(event));
  }

  events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    return this.#access.read(() => this.#events.newest(mirrorId, limit));
  }

  lock(target: LockTarget): Promise<StoreLock | null> {
    return this.#access.read(() => this.#locks.take(target));
  }

  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#feed.watch(listener, signal);
  }

  /** Closes the store; what is being written ends after its current batch, with an error. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#access[Symbol.dispose]();
    this.#locks.revokeAll(new StoreUnavailableError("The store was closed"));
    this.#connection[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
    return Promise.resolve();
  }
}

function describe(connection: Connection): string {
  const row = connection.attempt(() => connection.prepare("SELECT sqlite_version() AS v").get());
  const version = String(row?.v).split(".").slice(0, 2).join(".");
  return `SQLite ${version} at ${connection.path}`;
}
