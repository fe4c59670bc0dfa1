import type { IndexedFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { GoneFile } from "../../catalog/gone_file.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { ZsyncHead } from "../../catalog/zsync_sums.ts";
import type { DownloadCount, Hour, Period } from "../download_counts.ts";
import type { StoreReader } from "../store_reader.ts";
import { RedisConnection } from "./connection.ts";
import { closeOnAbort } from "./close_on_abort.ts";
import { Counters } from "./counters.ts";
import { databaseState } from "./database_version.ts";
import { EventLog } from "./event_log.ts";
import { LeftOut } from "./left_out.ts";
import { FileLookup } from "./lookup.ts";
import { mayRunScripts } from "./may_run_scripts.ts";
import { PieceIndex } from "./piece_index.ts";
import { NoteBox } from "./note_box.ts";
import { RevisionList } from "./revision_list.ts";
import { databaseText, type RedisOptions } from "./redis_options.ts";

/** Milliseconds until an answer is given up: a client waits for it. */
const ANSWER = 1_500;

/**
 * Opens a Redis for an HTTP thread, on one connection. It opens whether Redis can be reached or not,
 * and becomes available by itself; why not is told by the control thread, which has the same trouble.
 */
export async function openRedisReader(options: RedisOptions): Promise<RedisReader> {
  const reader = new RedisReader(options);
  await reader.opened;
  return reader;
}

/** What an HTTP thread reads from a Redis. */
export class RedisReader implements StoreReader {
  /** Fulfilled after the first attempt to connect, however it ended. */
  readonly opened: Promise<void>;
  readonly #connection: RedisConnection;
  readonly #lookup: FileLookup;
  readonly #counters: Counters;
  readonly #pieces: PieceIndex;
  readonly #revisions: RevisionList;
  readonly #notes: NoteBox;
  readonly #events: EventLog;
  #scripted = true;

  /** Connects; see {@linkcode openRedisReader}. */
  constructor(options: RedisOptions) {
    const timings = { answer: ANSWER, ...options.timings };
    this.#connection = new RedisConnection({ ...options, timings }, {
      prepare: async (redis) => {
        if (await databaseState(redis, databaseText(options)) === "old") {
          throw new Error("the data is being brought up to date");
        }
        this.#scripted = await mayRunScripts(redis);
      },
    });
    const leftOut = new LeftOut(options.log);
    this.#lookup = new FileLookup(this.#connection, () => this.#scripted, leftOut);
    this.#counters = new Counters(this.#connection, leftOut);
    this.#pieces = new PieceIndex(this.#connection);
    this.#revisions = new RevisionList(this.#connection);
    this.#notes = new NoteBox(this.#connection);
    this.#events = new EventLog(this.#connection, leftOut);
    this.opened = this.#connection.attempted;
    closeOnAbort(this, options.signal);
  }

  /** Whether Redis can be reached. */
  get available(): boolean {
    return this.#connection.available;
  }

  lookup(path: string): Promise<IndexedFile | null> {
    return this.#lookup.one(path);
  }

  pieceHashes(path: string): Promise<PieceHashes | null> {
    return this.#pieces.get(path);
  }

  zsyncHead(path: string): Promise<ZsyncHead | null> {
    return this.#pieces.zsyncHead(path);
  }

  zsyncPart(head: ZsyncHead, part: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#pieces.zsyncPart(head, part);
  }

  revisions(path: string): Promise<readonly FileRevision[]> {
    return this.#revisions.of(path);
  }

  goneFile(path: string): Promise<GoneFile | null> {
    return this.#lookup.gone(path);
  }

  askedNotes(names: readonly string[]): Promise<(string | null)[]> {
    return this.#notes.get("asked", names);
  }

  fileDownloads(path: string, periods: readonly Period[]): Promise<number[]> {
    return this.#counters.ofFile(path, periods);
  }

  mirrorDownloads(
    periods: readonly Period[],
  ): Promise<Map<number, { downloads: number; bytes: number }>> {
    return this.#counters.ofMirrors(periods);
  }

  downloadsByPeriod(
    mirrorId: number | null,
    periods: readonly Period[],
  ): Promise<readonly DownloadCount[]> {
    return this.#counters.byPeriod(mirrorId, periods);
  }

  totalDownloads(): Promise<number> {
    return this.#counters.total();
  }

  series(
    times: readonly (Hour | Period)[],
    names: readonly string[],
  ): Promise<readonly (readonly number[] | null)[]> {
    return this.#counters.series(times, names);
  }

  seriesSums(times: readonly (Hour | Period)[]): Promise<ReadonlyMap<string, number>> {
    return this.#counters.seriesSums(times);
  }

  allFileDownloads(periods: readonly Period[]): AsyncIterable<ReadonlyMap<string, number>> {
    return this.#counters.ofAllFiles(periods);
  }

  events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    return this.#events.read(mirrorId, limit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }
}
