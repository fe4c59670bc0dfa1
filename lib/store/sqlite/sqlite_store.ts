import type { IndexedFile, ListedFile, SourceFile } from "../../catalog/file.ts";
import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import type { Log } from "../../process/log.ts";
import type {
  CopyDifference,
  DownloadBatch,
  LockTarget,
  Period,
  SourceDifference,
  Store,
  StoreChange,
  StoreLock,
} from "../store.ts";
import { NoSuchMirrorError, StoreUnavailableError } from "../store.ts";
import { ChangeFeed } from "./change_feed.ts";
import type { Connection } from "./connection.ts";
import { CopyTable } from "./copy_table.ts";
import { CounterReader } from "./counter_reader.ts";
import { CounterWriter } from "./counter_writer.ts";
import { DownloadMemory } from "./download_memory.ts";
import { EventTable } from "./event_table.ts";
import { FileIndex } from "./file_index.ts";
import { LocalLocks } from "./local_locks.ts";
import { MirrorTable } from "./mirror_table.ts";
import { PathTable } from "./path_table.ts";
import { SharedFiles } from "./shared_files.ts";
import { SourceTable } from "./source_table.ts";
import { writeBatches } from "./write_batches.ts";
import { yieldTurn } from "./yield_turn.ts";

/** What the embedded store is made of. */
export interface SqliteStoreParts {
  /** In the current format; belongs to the store from now on. */
  readonly connection: Connection;
  /** Keeps others from writing; belongs to the store from now on. */
  readonly lock: Disposable;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The embedded store, for the control thread: one connection that reads and writes. */
export class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #lock: Disposable;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #feed: ChangeFeed;
  readonly #locks = new LocalLocks();
  readonly #index: FileIndex;
  readonly #mirrors: MirrorTable;
  readonly #source: SourceTable;
  readonly #copies: CopyTable;
  readonly #shared: SharedFiles;
  readonly #counters: CounterReader;
  readonly #counterWriter: CounterWriter;
  readonly #events: EventTable;
  readonly #memory: DownloadMemory;
  #fileCount: number;
  #available = true;
  #closed = false;

  readonly cluster = null;
  readonly description: string;

  constructor({ connection, lock, log, now }: SqliteStoreParts) {
    this.#connection = connection;
    this.#lock = lock;
    this.#log = log;
    this.#now = now;
    this.#feed = new ChangeFeed(log);
    const paths = new PathTable(connection);
    this.#index = new FileIndex(connection);
    this.#mirrors = new MirrorTable(connection);
    this.#source = new SourceTable(connection, paths);
    this.#copies = new CopyTable(connection, paths);
    this.#shared = new SharedFiles(connection);
    this.#counters = new CounterReader(connection);
    this.#counterWriter = new CounterWriter(connection, paths);
    this.#events = new EventTable(connection);
    this.#memory = new DownloadMemory(connection);
    this.#fileCount = connection.attempt(() => this.#source.count());
    this.description = describe(connection);
  }

  get available(): boolean {
    return this.#available;
  }

  lookup(path: string): IndexedFile | null {
    return this.#connection.attempt(() => this.#index.byPath(path));
  }

  fileDownloads(path: string, periods: readonly Period[]): number[] {
    return this.#connection.attempt(() => this.#counters.ofFile(path, periods));
  }

  mirrorDownloads(periods: readonly Period[]): Map<number, { downloads: number; bytes: number }> {
    return this.#connection.attempt(() => this.#counters.ofMirrors(periods));
  }

  mirrors(): Promise<MirrorRecord[]> {
    return this.#read(() => this.#mirrors.all());
  }

  mirror(id: number): Promise<MirrorRecord | null> {
    return this.#read(() => this.#mirrors.get(id));
  }

  async addMirror(mirror: Omit<Mirror, "id">): Promise<number> {
    const id = await this.#write(() => this.#mirrors.add(mirror));
    this.#feed.publish({ type: "mirror", id });
    return id;
  }

  async updateMirror(mirror: Mirror): Promise<void> {
    await this.#write(() => this.#mirrors.update(mirror));
    this.#feed.publish({ type: "mirror", id: mirror.id });
  }

  async updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void> {
    const changed = await this.#write(() => this.#mirrors.updateState(id, state));
    if (changed) this.#feed.publish({ type: "mirror", id });
  }

  async enableMirror(id: number, enabled: boolean): Promise<void> {
    await this.#write(() => {
      const mirror = this.#mirrors.get(id);
      if (!mirror) throw new NoSuchMirrorError(id);
      this.#mirrors.update({ ...mirror, enabled });
    });
    this.#feed.publish({ type: "mirror", id });
  }

  async removeMirror(id: number): Promise<void> {
    await this.#write(() => {
      this.#mirrors.remove(id);
      this.#events.remove(id);
    });
    this.#locks.revoke({ mirrorId: id }, new NoSuchMirrorError(id));
    this.#feed.publish({ type: "mirror", id });
    await this.#removeCopies(id);
  }

  /** Removes what a removal that was cut short has left. */
  async removeOrphans(): Promise<void> {
    let id = this.#connection.attempt(() => this.#copies.nextMirrorId(0));
    while (id !== null) {
      if (!this.#mirrors.has(id)) await this.#removeCopies(id);
      const last = id;
      id = this.#connection.attempt(() => this.#copies.nextMirrorId(last));
    }
  }

  countFiles(): Promise<number> {
    return this.#read(() => this.#fileCount);
  }

  sourceFiles(): AsyncIterable<readonly SourceFile[]> {
    return this.#pages((after) => this.#source.page(after));
  }

  async updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void> {
    // Counted when a transaction is done, so that one that failed does not count.
    let delta = 0;
    const options = {
      signal,
      now: this.#now,
      begin: () => delta = 0,
      committed: (items: readonly { readonly path: string }[]) => {
        this.#fileCount += delta;
        this.#feed.publish({ type: "files", paths: items.map(({ path }) => path) });
      },
    };
    await this.#watched(async () => {
      signal.throwIfAborted();
      await writeBatches(this.#connection, difference.changed, (file) => {
        if (this.#source.put(file)) delta++;
      }, options);
      await writeBatches(this.#connection, difference.removed.map((path) => ({ path })), (file) => {
        if (this.#source.remove(file.path)) delta--;
      }, options);
    });
  }

  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    return this.#pages((after) =>
      this.#mirrors.has(mirrorId) ? this.#copies.page(mirrorId, after) : { files: [], last: after }
    );
  }

  async updateCopies(
    mirrorId: number,
    difference: CopyDifference,
    signal: AbortSignal,
  ): Promise<number> {
    const exists = (): void => {
      if (!this.#mirrors.has(mirrorId)) throw new NoSuchMirrorError(mirrorId);
    };
    const options = {
      signal,
      now: this.#now,
      begin: exists,
      committed: (items: readonly { readonly path: string }[]) =>
        this.#feed.publish({ type: "copies", mirrorId, paths: items.map(({ path }) => path) }),
    };
    return await this.#watched(async () => {
      signal.throwIfAborted();
      this.#connection.attempt(exists);
      await writeBatches(
        this.#connection,
        difference.changed,
        (file) => this.#copies.put(mirrorId, file),
        options,
      );
      await writeBatches(
        this.#connection,
        difference.removed.map((path) => ({ path })),
        ({ path }) => this.#copies.remove(mirrorId, path),
        options,
      );
      return await this.#connection.attemptAsync(() => this.#shared.count(mirrorId));
    });
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
    return this.#write(() => this.#counterWriter.add(batch));
  }

  rememberDownload(clientHash: string, path: string, seconds: number): Promise<boolean> {
    const now = this.#now();
    return this.#write(() => this.#memory.remember(clientHash, path, now, now + seconds * 1000));
  }

  async *allFileDownloads(periods: readonly Period[]): AsyncGenerator<Map<string, number>> {
    const last = this.#connection.attempt(() => this.#counters.lastPath());
    let next = 1;
    while (next <= last) {
      const from = next;
      const page = this.#connection.attempt(() => this.#counters.ofFiles(periods, from));
      next = page[1];
      if (page[0].size > 0) yield page[0];
      await yieldTurn();
    }
  }

  addEvent(event: MirrorEvent): Promise<void> {
    return this.#write(() => this.#events.add(event));
  }

  events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    return this.#read(() => this.#events.newest(mirrorId, limit));
  }

  lock(target: LockTarget): Promise<StoreLock | null> {
    return this.#read(() => this.#locks.take(target));
  }

  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#feed.watch(listener, signal);
  }

  /** Closes the store; what is being written ends after its current batch, with an error. */
  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#locks.revokeAll(new StoreUnavailableError("The store was closed"));
      this.#connection[Symbol.dispose]();
      this.#lock[Symbol.dispose]();
    }
    return Promise.resolve();
  }

  async #removeCopies(mirrorId: number): Promise<void> {
    while (true) {
      const ids = this.#connection.attempt(() => this.#copies.pathIds(mirrorId, 0));
      if (ids.length === 0) return;
      await this.#watched(() =>
        writeBatches(this.#connection, ids, (id) => this.#copies.removeId(mirrorId, id), {
          now: this.#now,
        })
      );
    }
  }

  async *#pages<T>(
    page: (after: number) => { files: T[]; last: number },
  ): AsyncGenerator<readonly T[]> {
    let after = 0;
    while (true) {
      const from = after;
      const { files, last } = this.#connection.attempt(() => page(from));
      if (files.length === 0) return;
      yield files;
      after = last;
      await yieldTurn();
    }
  }

  #read<T>(action: () => T): Promise<T> {
    return new Promise((resolve) => resolve(this.#connection.attempt(action)));
  }

  #write<T>(action: () => T): Promise<T> {
    return this.#watched(() =>
      new Promise((resolve) => resolve(this.#connection.transaction(action)))
    );
  }

  /** Notices when writing begins to fail, and when it works again. */
  async #watched<T>(action: () => Promise<T>): Promise<T> {
    try {
      const result = await action();
      this.#setAvailable(true);
      return result;
    } catch (error) {
      if (error instanceof StoreUnavailableError) this.#setAvailable(false, error);
      throw error;
    }
  }

  #setAvailable(available: boolean, error?: StoreUnavailableError): void {
    if (this.#available === available || this.#closed) return;
    this.#available = available;
    if (error) this.#log.error(error.message);
    else this.#log.info(`The store "${this.#connection.path}" can be written again`);
    this.#feed.publish({ type: "availability", available });
  }
}

function describe(connection: Connection): string {
  const row = connection.attempt(() => connection.prepare("SELECT sqlite_version() AS v").get());
  const version = String(row?.v).split(".").slice(0, 2).join(".");
  return `SQLite ${version} at ${connection.path}`;
}
