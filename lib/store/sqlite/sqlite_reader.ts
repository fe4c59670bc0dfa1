import type { IndexedFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { GoneFile } from "../../catalog/gone_file.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { ZsyncHead } from "../../catalog/zsync_sums.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { DownloadCount, Hour, Period, StoreReader } from "../store.ts";
import type { Connection } from "./connection.ts";
import { CounterReader } from "./counter_reader.ts";
import { EventReader } from "./event_table.ts";
import { everyFile } from "./every_file.ts";
import { FileIndex } from "./file_index.ts";
import { requireCurrentFormat } from "./migrations.ts";
import { openConnection } from "./open_connection.ts";
import { PieceReader } from "./piece_table.ts";
import { RevisionReader } from "./revision_table.ts";
import { SeriesReader } from "./series_table.ts";
import { ZsyncReader } from "./zsync_table.ts";

/** The reading half of the embedded store. Every answer is there at once, without a promise. */
export interface SqliteStoreReader extends StoreReader {
  /** See {@linkcode StoreReader.lookup}. */
  lookup(path: string): IndexedFile | null;
  /** See {@linkcode StoreReader.pieceHashes}. */
  pieceHashes(path: string): PieceHashes | null;
  /** See {@linkcode StoreReader.zsyncHead}. */
  zsyncHead(path: string): ZsyncHead | null;
  /** See {@linkcode StoreReader.zsyncPart}. */
  zsyncPart(head: ZsyncHead, part: number): Uint8Array<ArrayBuffer> | null;
  /** See {@linkcode StoreReader.revisions}. */
  revisions(path: string): readonly FileRevision[];
  /** See {@linkcode StoreReader.goneFile}. */
  goneFile(path: string): GoneFile | null;
  /** See {@linkcode StoreReader.askedNotes}. */
  askedNotes(names: readonly string[]): (string | null)[];
  /** See {@linkcode StoreReader.fileDownloads}. */
  fileDownloads(path: string, periods: readonly Period[]): number[];
  /** See {@linkcode StoreReader.mirrorDownloads}. */
  mirrorDownloads(
    periods: readonly Period[],
  ): Map<number, { downloads: number; bytes: number }>;
  /** See {@linkcode StoreReader.downloadsByPeriod}. */
  downloadsByPeriod(mirrorId: number | null, periods: readonly Period[]): DownloadCount[];
  /** See {@linkcode StoreReader.totalDownloads}. */
  totalDownloads(): number;
  /** See {@linkcode StoreReader.series}. */
  series(times: readonly (Hour | Period)[], names: readonly string[]): (readonly number[] | null)[];
  /** See {@linkcode StoreReader.seriesSums}. */
  seriesSums(times: readonly (Hour | Period)[]): Map<string, number>;
  /** See {@linkcode StoreReader.events}. */
  events(mirrorId: number, limit: number): MirrorEvent[];
}

/**
 * Opens a connection of its own that only reads, for an HTTP thread. It never waits for the writer.
 *
 * @param options.path the database file; the store must have been opened before
 * @param options.now milliseconds since the epoch; absent: long work lets others have a turn at each step
 * @param options.log told once when it cannot be read any more, until it can; absent: nobody is
 * @throws StoreUnavailableError when the file is missing, damaged, or in another format
 */
export function openSqliteReader(
  { path, log, now = () => NaN }: {
    readonly path: string;
    readonly log?: Pick<Log, "error">;
    readonly now?: () => number;
  },
): SqliteStoreReader {
  const connection = openConnection({ path, readOnly: true });
  try {
    requireCurrentFormat(connection);
    return new SqliteReader(connection, now, log);
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

class SqliteReader implements SqliteStoreReader {
  readonly #connection: Connection;
  readonly #index: FileIndex;
  readonly #counters: CounterReader;
  readonly #pieces: PieceReader;
  readonly #zsync: ZsyncReader;
  readonly #revisions: RevisionReader;
  readonly #series: SeriesReader;
  readonly #events: EventReader;

  readonly #now: () => number;
  readonly #log: Pick<Log, "error"> | undefined;
  #failing = false;

  constructor(connection: Connection, now: () => number, log: Pick<Log, "error"> | undefined) {
    this.#now = now;
    this.#connection = connection;
    this.#log = log;
    this.#index = new FileIndex(connection);
    this.#counters = new CounterReader(connection);
    this.#pieces = new PieceReader(connection);
    this.#zsync = new ZsyncReader(connection);
    this.#revisions = new RevisionReader(connection);
    this.#series = new SeriesReader(connection);
    this.#events = new EventReader(connection);
  }

  lookup(path: string): IndexedFile | null {
    return this.#attempt(() => this.#index.byPath(path));
  }

  pieceHashes(path: string): PieceHashes | null {
    return this.#attempt(() => this.#pieces.get(path));
  }

  zsyncHead(path: string): ZsyncHead | null {
    return this.#attempt(() => this.#zsync.head(path));
  }

  zsyncPart(head: ZsyncHead, part: number): Uint8Array<ArrayBuffer> | null {
    return this.#attempt(() => this.#zsync.part(head, part));
  }

  revisions(path: string): readonly FileRevision[] {
    return this.#attempt(() => this.#revisions.of(path));
  }

  goneFile(path: string): GoneFile | null {
    return this.#attempt(() => this.#index.gone(path));
  }

  askedNotes(names: readonly string[]): (string | null)[] {
    return this.#attempt(() => this.#index.asked(names));
  }

  fileDownloads(path: string, periods: readonly Period[]): number[] {
    return this.#attempt(() => this.#counters.ofFile(path, periods));
  }

  mirrorDownloads(
    periods: readonly Period[],
  ): Map<number, { downloads: number; bytes: number }> {
    return this.#attempt(() => this.#counters.ofMirrors(periods));
  }

  downloadsByPeriod(mirrorId: number | null, periods: readonly Period[]): DownloadCount[] {
    return this.#attempt(() => this.#counters.byPeriod(mirrorId, periods));
  }

  totalDownloads(): number {
    return this.#attempt(() => this.#counters.total());
  }

  allFileDownloads(periods: readonly Period[]): AsyncIterable<ReadonlyMap<string, number>> {
    return everyFile(this.#connection, this.#counters, periods, this.#now);
  }

  series(
    times: readonly (Hour | Period)[],
    names: readonly string[],
  ): (readonly number[] | null)[] {
    return this.#attempt(() => this.#series.of(times, names));
  }

  seriesSums(times: readonly (Hour | Period)[]): Map<string, number> {
    return this.#attempt(() => this.#series.sums(times));
  }

  events(mirrorId: number, limit: number): MirrorEvent[] {
    return this.#attempt(() => this.#events.newest(mirrorId, limit));
  }

  #attempt<T>(read: () => T): T {
    try {
      const result = this.#connection.attempt(read);
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing && !this.#connection.closed) this.#log?.error(messageOf(error));
      this.#failing = true;
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection[Symbol.dispose]();
    return Promise.resolve();
  }
}
