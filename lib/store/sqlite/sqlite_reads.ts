import type { IndexedFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { GoneFile } from "../../catalog/gone_file.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { ZsyncHead } from "../../catalog/zsync_sums.ts";
import type { DownloadCount, Hour, Period } from "../download_counts.ts";
import type { StoreReader } from "../store_reader.ts";
import type { Connection } from "./connection.ts";
import { CounterReader } from "./counter_reader.ts";
import { FileIndex } from "./file_index.ts";
import { PieceReader } from "./piece_table.ts";
import { RevisionReader } from "./revision_table.ts";
import { SeriesReader } from "./series_table.ts";
import { TimeSlice } from "./time_slice.ts";
import { ZsyncReader } from "./zsync_table.ts";

/** Reads from a connection, and says what went wrong in the words of the store. */
export type Attempt = <T>(read: () => T) => T;

/**
 * What is read of the embedded store, whichever connection reads: that of the control thread, or one of
 * an HTTP thread. Every answer is there at once, without a promise.
 */
export class SqliteReads implements Omit<StoreReader, "events" | typeof Symbol.asyncDispose> {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #attempt: Attempt;
  readonly #index: FileIndex;
  readonly #counters: CounterReader;
  readonly #pieces: PieceReader;
  readonly #zsync: ZsyncReader;
  readonly #revisions: RevisionReader;
  readonly #series: SeriesReader;

  /**
   * Prepares to read.
   *
   * @param connection stays its owner's
   * @param now milliseconds since the epoch; `NaN`: long work lets others have a turn at each step
   * @param attempt how it is read; default: as the connection does by itself
   */
  constructor(
    connection: Connection,
    now: () => number,
    attempt: Attempt = (read) => connection.attempt(read),
  ) {
    this.#connection = connection;
    this.#now = now;
    this.#attempt = attempt;
    this.#index = new FileIndex(connection);
    this.#counters = new CounterReader(connection);
    this.#pieces = new PieceReader(connection);
    this.#zsync = new ZsyncReader(connection);
    this.#revisions = new RevisionReader(connection);
    this.#series = new SeriesReader(connection);
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
}

/**
 * Walks over the counters of all files, with turns for others in between.
 *
 * @param now milliseconds since the epoch
 * @returns downloads by path, summed over the periods; each path comes once
 */
export async function* everyFile(
  connection: Connection,
  counters: CounterReader,
  periods: readonly Period[],
  now: () => number,
): AsyncGenerator<Map<string, number>> {
  const last = connection.attempt(() => counters.lastPath());
  const slice = new TimeSlice(now);
  let next = 1;
  while (next <= last) {
    const from = next;
    const page = connection.attempt(() => counters.ofFiles(periods, from));
    next = page[1];
    if (page[0].size > 0) yield page[0];
    await slice.turn();
  }
}
