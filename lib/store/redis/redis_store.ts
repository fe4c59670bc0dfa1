import type { IndexedFile, ListedFile, SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { GoneFile } from "../../catalog/gone_file.ts";
import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import type { PieceHashes, PieceStamp } from "../../catalog/piece_hashes.ts";
import type { PieceRecord, ZsyncHead } from "../../catalog/zsync_sums.ts";
import { formatHostPort } from "../../net/host_port.ts";
import type { ClusterChannel } from "../cluster_channel.ts";
import { StoreCondition } from "../condition.ts";
import type { CopyDifference, SourceDifference } from "../difference.ts";
import type {
  CountedPeriods,
  DownloadBatch,
  DownloadCount,
  Hour,
  Period,
} from "../download_counts.ts";
import type { MessageStore } from "../message_store.ts";
import type { NoteStore } from "../note_store.ts";
import type { Store, StoreChange } from "../store.ts";
import type { LockTarget, StoreLock } from "../store_lock.ts";
import type { VerificationStore } from "../verification_store.ts";
import type { Audience } from "./audience.ts";
import { ChangeFeed } from "./change_feed.ts";
import { CHANNELS } from "./channels.ts";
import { closeOnAbort } from "./close_on_abort.ts";
import type { RedisConnection } from "./connection.ts";
import { CopyIndex } from "./copy_index.ts";
import { Counters } from "./counters.ts";
import { EventLog } from "./event_log.ts";
import { LeftOut } from "./left_out.ts";
import { RedisLink } from "./link.ts";
import { takeLock } from "./lock.ts";
import { lookAfterDatabase } from "./look_after_database.ts";
import { FileLookup } from "./lookup.ts";
import { MessageBox } from "./message_box.ts";
import { MirrorTable } from "./mirror_table.ts";
import { NoteBox } from "./note_box.ts";
import { PieceIndex } from "./piece_index.ts";
import { databaseText, DEFAULT_TIMINGS, type RedisOptions } from "./redis_options.ts";
import { RevisionList } from "./revision_list.ts";
import { SourceIndex } from "./source_index.ts";
import { VerificationBox } from "./verification_box.ts";

/**
 * Opens a Redis for the control thread, on two connections: one for commands, one that listens. It
 * opens whether Redis can be reached or not, and becomes available by itself.
 *
 * @throws UnsupportedDatabaseError when the database holds data of another version of the schema
 */
export async function openRedisStore(options: RedisOptions): Promise<RedisStore> {
  const store = new RedisStore(options);
  try {
    await store.opened;
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  return store;
}

/** A store in Redis, in the schema of the original Mirrorbits. */
export class RedisStore implements Store {
  readonly cluster: ClusterChannel;
  readonly messages: MessageStore;
  readonly notes: NoteStore;
  readonly verifications: VerificationStore;
  readonly #link: RedisLink;
  readonly #connection: RedisConnection;
  readonly #feed: ChangeFeed;
  readonly #lookup: FileLookup;
  readonly #source: SourceIndex;
  readonly #pieces: PieceIndex;
  readonly #revisions: RevisionList;
  readonly #copies: CopyIndex;
  readonly #mirrors: MirrorTable;
  readonly #counters: Counters;
  readonly #events: EventLog;
  readonly #condition: StoreCondition;
  readonly #closing = new AbortController();
  readonly #looking: Promise<void>;
  readonly #options: RedisOptions;

  /** Connects; see {@linkcode openRedisStore}. */
  constructor(options: RedisOptions) {
    this.#options = options;
    const { gather } = { ...DEFAULT_TIMINGS, ...options.timings };
    const feed = this.#feed = new ChangeFeed(gather, options.log, options.clock);
    const condition = this.#condition = new StoreCondition(() => feed.tell({ type: "condition" }));
    const leftOut = new LeftOut(options.log);
    this.#link = new RedisLink(options, { feed, condition, leftOut });
    const connection = this.#connection = this.#link.connection;
    this.#lookup = new FileLookup(connection, () => true, leftOut);
    const audience: Audience = {
      ownChannel: this.#link.subscriber.ownChannel,
      tell: (change) => feed.gather(change),
    };
    this.#source = new SourceIndex(connection, audience, leftOut);
    this.#pieces = new PieceIndex(connection);
    this.#revisions = new RevisionList(connection);
    this.#copies = new CopyIndex(connection, audience, leftOut);
    this.#mirrors = new MirrorTable({
      connection,
      copies: this.#copies,
      leftOut,
      condition,
      log: options.log,
      where: databaseText(options),
    });
    const mirrors = this.#mirrors;
    this.#looking = lookAfterDatabase(
      { options, connection, mirrors, condition, feed },
      this.#closing.signal,
    );
    this.#counters = new Counters(connection, leftOut);
    this.#events = new EventLog(connection, leftOut);
    this.messages = new MessageBox(connection);
    this.notes = new NoteBox(connection);
    this.verifications = new VerificationBox(connection);
    this.cluster = {
      send: async (message) => {
        await connection.run((redis) => redis.publish(CHANNELS.cluster, message));
      },
      listen: (listener, signal) => feed.listen(listener, signal),
    };
    closeOnAbort(this, options.signal);
  }

  /** Fulfilled after the first attempt to connect; rejected when the database must not be used. */
  get opened(): Promise<void> {
    return this.#link.opened;
  }

  get available(): boolean {
    return this.#connection.available;
  }

  get trouble(): string | null {
    return this.available ? this.#condition.trouble : "the store cannot be reached";
  }

  get description(): string {
    const { db, sentinels } = this.#options;
    const address = this.#connection.address ?? this.#options.address;
    const at = address === null ? "" : ` at ${formatHostPort(address)}`;
    const by = sentinels ? `, "${sentinels.masterName}" of Sentinel` : "";
    return `${this.#link.serverName}${at}${by}, database ${db}`;
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

  addRevision(path: string, revision: FileRevision, oldest: number): Promise<void> {
    return this.#revisions.add(path, revision, oldest);
  }

  forgetRevisions(path: string): Promise<number> {
    return this.#revisions.forget(path);
  }

  putPieces(record: PieceRecord): Promise<void> {
    return this.#pieces.put(record);
  }

  removePieces(paths: readonly string[], only?: "zsync"): Promise<void> {
    return only === "zsync" ? this.#pieces.removeZsync(paths) : this.#pieces.removeAll(paths);
  }

  goneFile(path: string): Promise<GoneFile | null> {
    return this.#lookup.gone(path);
  }

  askedNotes(names: readonly string[]): Promise<(string | null)[]> {
    return this.notes.get("asked", names);
  }

  pieceStamps(): AsyncIterable<readonly PieceStamp[]> {
    return this.#pieces.stamps();
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

  countedPeriods(): Promise<CountedPeriods> {
    return this.#counters.periods();
  }

  removeCounted(
    kind: keyof CountedPeriods,
    period: Hour | Period,
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#counters.remove(kind, period, signal);
  }

  mirrors(): Promise<MirrorRecord[]> {
    return this.#mirrors.all();
  }

  mirror(id: number): Promise<MirrorRecord | null> {
    return this.#mirrors.one(id);
  }

  addMirror(mirror: Omit<Mirror, "id">): Promise<number> {
    return this.#mirrors.add(mirror);
  }

  updateMirror(mirror: Mirror): Promise<void> {
    return this.#mirrors.update(mirror);
  }

  updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void> {
    return this.#mirrors.updateState(id, state);
  }

  enableMirror(id: number, enabled: boolean): Promise<void> {
    return this.#mirrors.enable(id, enabled);
  }

  removeMirror(id: number): Promise<void> {
    return this.#mirrors.remove(id);
  }

  countFiles(): Promise<number> {
    return this.#source.count();
  }

  sourceFiles(): AsyncIterable<readonly SourceFile[]> {
    return this.#source.files();
  }

  sourceFilesAt(paths: readonly string[]): AsyncIterable<readonly SourceFile[]> {
    return this.#source.filesAt(paths);
  }

  async updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void> {
    await this.#source.update(difference, signal);
    await this.#pieces.removeAll(difference.removed);
  }

  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    return this.#copies.copiesOf(mirrorId);
  }

  updateCopies(
    mirrorId: number,
    difference: CopyDifference,
    signal: AbortSignal,
  ): Promise<number> {
    return this.#copies.update(mirrorId, difference, signal);
  }

  async sharedFile(mirrorId: number, random: () => number): Promise<IndexedFile | null> {
    return (await this.#lookup.shared(mirrorId, 1, random))[0] ?? null;
  }

  sharedFiles(mirrorId: number, count: number, random: () => number): Promise<IndexedFile[]> {
    return this.#lookup.shared(mirrorId, count, random);
  }

  addDownloads(batch: DownloadBatch, id?: string): Promise<void> {
    return this.#counters.add(batch, id);
  }

  forgetDownloads(id: string): Promise<void> {
    return this.#counters.forget(id);
  }

  allFileDownloads(periods: readonly Period[]): AsyncIterable<ReadonlyMap<string, number>> {
    return this.#counters.ofAllFiles(periods);
  }

  addEvent(event: MirrorEvent): Promise<void> {
    return this.#events.add(event);
  }

  events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    return this.#events.read(mirrorId, limit);
  }

  lock(target: LockTarget): Promise<StoreLock | null> {
    return takeLock(this.#connection, target, this.#options);
  }

  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#feed.watch(listener, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all([
      this.#looking,
      this.#link[Symbol.asyncDispose](),
    ]);
    this.#feed[Symbol.dispose]();
  }
}
