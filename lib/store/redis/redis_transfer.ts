import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import { STATE_FIELDS } from "../../catalog/mirror_state_fields.ts";
import { NOTE_KINDS } from "../note_store.ts";
import type { StoreTransfer, TransferPart } from "../transfer/transfer.ts";
import { NOBODY } from "./audience.ts";
import { type Command, describeFailure, RedisConnection } from "./connection.ts";
import { CopyIndex } from "./copy_index.ts";
import { CounterExport } from "./counter_export.ts";
import { databaseState, markDatabase } from "./database_version.ts";
import { formatEvent } from "./event_json.ts";
import { EventLog } from "./event_log.ts";
import {
  downloadedKey,
  fileCounterKey,
  KEYS,
  mirrorBytesKey,
  mirrorCounterKey,
  mirrorKey,
  mirrorLogsKey,
  revisionsKey,
  seriesKey,
} from "./keys.ts";
import { LeftOut } from "./left_out.ts";
import { MessageBox } from "./message_box.ts";
import { mirrorFields, stateFields } from "./mirror_hash.ts";
import { MirrorTable } from "./mirror_table.ts";
import { NoteBox } from "./note_box.ts";
import { PieceIndex } from "./piece_index.ts";
import { databaseText, type RedisOptions } from "./redis_options.ts";
import { numberReply, optionalTextReply } from "./reply.ts";
import { RevisionList } from "./revision_list.ts";
import { SourceIndex } from "./source_index.ts";
import { upgradeDatabase } from "./upgrade_database.ts";

/** Events kept of each mirror. */
const EVENTS = 10_000;

/** Commands of one pipeline. */
const BATCH = 500;

/**
 * Opens a Redis to be filled or emptied as a whole.
 *
 * @throws Error when it cannot be used now, in one sentence
 */
export async function openRedisTransfer(options: RedisOptions): Promise<StoreTransfer> {
  const transfer = new RedisTransfer(options);
  const error = await transfer.opened;
  if (error === null) return transfer;
  await transfer[Symbol.asyncDispose]();
  throw new Error(describeFailure(error, options), { cause: error });
}

class RedisTransfer implements StoreTransfer {
  readonly description: string;
  /** Fulfilled after the attempt to connect, with what went wrong. */
  readonly opened: Promise<unknown>;
  readonly #connection: RedisConnection;
  readonly #source: SourceIndex;
  readonly #pieces: PieceIndex;
  readonly #revisions: RevisionList;
  readonly #notes: NoteBox;
  readonly #copies: CopyIndex;
  readonly #mirrors: MirrorTable;
  readonly #events: EventLog;
  readonly #messages: MessageBox;
  readonly #counters: CounterExport;

  constructor(options: RedisOptions) {
    this.description = databaseText(options);
    this.#connection = new RedisConnection(options, {
      prepare: async (redis) => {
        const state = await databaseState(redis, this.description);
        if (state === "old") await upgradeDatabase(redis, options.clock);
        if (state === "new" || state === "unmarked") await markDatabase(redis);
      },
    });
    const leftOut = new LeftOut(options.log);
    this.#source = new SourceIndex(this.#connection, NOBODY, leftOut);
    this.#pieces = new PieceIndex(this.#connection);
    this.#revisions = new RevisionList(this.#connection);
    this.#notes = new NoteBox(this.#connection);
    this.#copies = new CopyIndex(this.#connection, NOBODY, leftOut);
    this.#mirrors = new MirrorTable({
      connection: this.#connection,
      copies: this.#copies,
      leftOut,
      where: this.description,
      long: true,
    });
    this.#events = new EventLog(this.#connection, leftOut);
    this.#messages = new MessageBox(this.#connection);
    this.#counters = new CounterExport(this.#connection, leftOut, options.now);
    this.opened = this.#connection.attempted.then(() => this.#connection.lastError);
  }

  async isEmpty(): Promise<boolean> {
    const keys = [KEYS.mirrors, KEYS.files, "STATS_TOTAL", "STATS_FILE", "STATS_MIRROR"];
    return await this.#connection.run(async (redis) => numberReply(await redis.exists(...keys))) ===
      0;
  }

  async *export(): AsyncGenerator<TransferPart> {
    const mirrors = await this.#mirrors.all();
    const given = await this.#counters.number("LAST_MID");
    const lastId = Math.max(given, ...mirrors.map(({ id }) => id), 0);
    yield { type: "mirrors", lastId, mirrors };
    // A path whose hash is gone is not a file.
    for await (const page of this.#source.files()) {
      yield { type: "source", files: page.filter(({ size }) => size >= 0) };
    }
    for await (const stamps of this.#pieces.stamps()) {
      // One after the other: a record may be large.
      for (const { path } of stamps) {
        const record = await this.#pieces.record(path);
        if (record !== null) yield { type: "pieces", records: [record] };
      }
    }
    for (const kind of NOTE_KINDS) {
      const notes = await this.#notes.all(kind);
      if (notes.size > 0) yield { type: "notes", kind, notes };
    }
    const salt = await this.#connection.run(async (redis) =>
      optionalTextReply(await redis.get(KEYS.salt))
    );
    if (salt !== null) yield { type: "salt", salt };
    for (const { id: mirrorId } of mirrors) {
      for await (const page of this.#copies.copiesOf(mirrorId)) {
        yield { type: "copies", mirrorId, files: page.filter(({ size }) => size >= 0) };
      }
      yield { type: "events", mirrorId, events: await this.#events.read(mirrorId, EVENTS) };
    }
    const { periods, times, remembered, revised } = await this.#counters.search();
    for (const path of revised) {
      yield { type: "revisions", path, revisions: await this.#revisions.of(path) };
    }
    for (const period of periods) yield* this.#counters.ofPeriod(period);
    for (const time of times) {
      yield { type: "series", time, counts: await this.#counters.counts(seriesKey(time)) };
    }
    const total = await this.#counters.number("STATS_TOTAL");
    yield { type: "total", downloads: total };
    yield {
      type: "messages",
      waiting: await this.#messages.waiting(),
      told: await this.#messages.told(),
    };
    yield { type: "remembered", downloads: await this.#counters.remembered(remembered) };
  }

  async import(part: TransferPart): Promise<void> {
    const never = new AbortController().signal;
    switch (part.type) {
      case "mirrors":
        await this.#send(part.mirrors.flatMap(({ id, ...mirror }): Command[] => [
          ["hset", mirrorKey(id), "ID", id, ...mirrorFields(mirror).set, ...foundFields(mirror)],
          ["hset", KEYS.mirrors, id, mirror.name],
        ]));
        return await this.#send(part.lastId > 0 ? [["set", "LAST_MID", part.lastId]] : []);
      case "source":
        return await this.#source.update({ changed: part.files, removed: [] }, never);
      case "pieces":
        for (const record of part.records) await this.#pieces.put(record);
        return;
      case "revisions":
        return await this.#send(
          part.revisions.flatMap((revision): Command[] => [
            ["rpush", revisionsKey(part.path), JSON.stringify(revision)],
          ]),
        );
      case "notes":
        return await this.#notes.change(part.kind, { put: part.notes });
      case "salt":
        return await this.#send([["set", KEYS.salt, part.salt]]);
      case "copies":
        await this.#copies.update(part.mirrorId, { changed: part.files, removed: [] }, never);
        return;
      case "events":
        return await this.#send(
          part.events.map((event) => ["rpush", mirrorLogsKey(part.mirrorId), formatEvent(event)]),
        );
      case "file_downloads":
        return await this.#send(
          [...part.counts].map((
            [path, count],
          ) => ["hset", fileCounterKey(part.period), path, count]),
        );
      case "mirror_downloads":
        return await this.#send(
          [...part.counts].flatMap(([id, { downloads, bytes }]): Command[] => [
            ["hset", mirrorCounterKey(part.period), id, downloads],
            ["hset", mirrorBytesKey(part.period), id, bytes],
          ]),
        );
      case "series":
        return await this.#send(
          [...part.counts].map(([name, count]) => ["hset", seriesKey(part.time), name, count]),
        );
      case "total":
        return await this.#send(
          part.downloads > 0 ? [["set", "STATS_TOTAL", part.downloads]] : [],
        );
      case "messages":
        await this.#messages.change({ put: part.waiting, told: part.told });
        return;
      case "remembered":
        return await this.#send(
          part.downloads.flatMap(({ clientHash, path, expires }): Command[] => {
            const key = downloadedKey(clientHash, path);
            return [["set", key, 1], ["pexpireat", key, expires]];
          }),
        );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  async #send(commands: readonly Command[]): Promise<void> {
    for (let i = 0; i < commands.length; i += BATCH) {
      await this.#connection.pipeline(commands.slice(i, i + BATCH));
    }
  }
}

/** What the monitor found, without the fields of checks and scans that never were. */
function foundFields(state: Omit<MirrorRecord, "id">): readonly string[] {
  const { httpUp, httpsUp, httpDownReason, httpsDownReason } = state;
  const { lastSuccessfulSyncProtocol, lastSuccessfulSyncPrecision, timeZoneOffset } = state;
  const { stateSince, lastSync, lastSuccessfulSync, lastModTime } = state;
  const newer = STATE_FIELDS.filter((field) => field.newer).map(({ property }) => property);
  const known: Partial<MirrorState> = {
    ...Object.fromEntries(newer.map((property) => [property, state[property]])),
    httpUp,
    httpsUp,
    stateSince,
    lastSync,
    lastSuccessfulSync,
    lastModTime,
    ...(httpUp || httpDownReason !== "" ? { httpDownReason } : {}),
    ...(httpsUp || httpsDownReason !== "" ? { httpsDownReason } : {}),
    ...(lastSuccessfulSync === null
      ? {}
      : { lastSuccessfulSyncProtocol, lastSuccessfulSyncPrecision, timeZoneOffset }),
  };
  return stateFields(known).set;
}
