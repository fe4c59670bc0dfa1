import type { WorkerScope } from "../worker/worker_scope.ts";
import type { StorePlace } from "../config/store_place.ts";
import type { HttpConfig } from "../http/request/config.ts";
import type { ControlMessage, HttpMessage } from "../http/threads/messages.ts";
import type { Log } from "../log/log.ts";
import type { Tracing } from "../log/tracing.ts";
import type { MaybePromise, StoreReader } from "../store/store_reader.ts";
import type { IndexedFile } from "../catalog/file.ts";
import type { ThreadMeasure } from "../stats/thread_measure.ts";
import { createFineTime } from "../clock/fine_time.ts";
import { createGeoResolver, type LoadedDatabases } from "../geoip/load_databases.ts";
import { HttpSide } from "../http/threads/side.ts";
import { HttpThread } from "../http/threads/thread.ts";
import { boundedLog } from "../http/threads/bounded_log.ts";
import { repositoryDisk } from "../http/request/repository_disk.ts";
import { ForwarderTally } from "../http/threads/forwarder_tally.ts";
import { wantedFiles } from "../http/threads/wanted_files.ts";
import { openTracing } from "./open_tracing.ts";
import { messageOf } from "../log/message_of.ts";
import { BatchRecorder } from "../stats/batch_recorder.ts";
import { HourTally } from "../stats/hour_tally.ts";
import { LagMeter } from "../stats/lag_meter.ts";
import { RequestTally } from "../stats/request_tally.ts";
import { FileCache } from "../store/cache/file_cache.ts";
import { type SiblingChannel, SiblingFiles } from "../store/cache/sibling_files.ts";
import { VERSION } from "../version.ts";
import { systemClock } from "./system_clock.ts";
import { servingThreads } from "./workers.ts";

/** Files whose index entries an HTTP thread remembers. */
const CACHED_FILES = 200_000;

/** May be sent before anything else: what to load meanwhile. */
export interface LoadMessage {
  readonly type: "load";
  /** The kind of store that the thread will read. */
  readonly store: StorePlace["type"];
}

/** The first message to an HTTP thread, but for {@linkcode LoadMessage}. */
export interface StartMessage {
  readonly type: "start";
  readonly config: HttpConfig;
  /** The store that the thread reads, on a connection of its own. */
  readonly store: StorePlace;
}

/** Every message to an HTTP thread. */
export type HttpThreadMessage = LoadMessage | StartMessage | ControlMessage<LoadedDatabases>;

/**
 * Makes the way into an HTTP thread: the first message starts it, and those that come meanwhile wait.
 * It works alike in a worker and on the control thread.
 *
 * @param send tells the control thread
 * @param recording called with the recorder, once there is one
 * @returns what takes in the control thread's messages
 */
export function openHttpThread(
  send: (message: HttpMessage) => void,
  recording: (recorder: Pick<BatchRecorder, "flush">) => void = () => {},
): (message: HttpThreadMessage) => void {
  let thread: Promise<HttpThread<LoadedDatabases> | null> = Promise.resolve(null);
  let running: HttpThread<LoadedDatabases> | null = null;
  return (message) => {
    if (message.type === "load") {
      // What cannot be loaded is told when it is needed.
      READERS[message.store]().catch(() => {});
    } else if (message.type === "start") {
      thread = composeHttpThread(message, send, recording);
      const prepared = (started: HttpThread<LoadedDatabases> | null): void => {
        running = started;
        send({ type: "prepared" });
      };
      thread.then(prepared, () => prepared(null));
    } else if (running !== null) {
      void running.receive(message);
    } else {
      void thread.then((started) => started?.receive(message), (error) => {
        if (message.type === "stop") return send({ type: "stopped" });
        send({ type: "error", message: messageOf(error) });
      });
    }
  };
}

/** @throws StoreUnavailableError when the store cannot be opened */
async function composeHttpThread(
  { config, store }: StartMessage,
  send: (message: HttpMessage) => void,
  recording: (recorder: BatchRecorder) => void,
): Promise<HttpThread<LoadedDatabases>> {
  const log = boundedLog(
    (level, message) => send({ type: "log", level, message }),
    systemClock,
  );
  const reader = await openReader(store, log);
  const tracing = openTracing(VERSION);
  const fine = createFineTime(systemClock.now, systemClock.elapsed);
  const cache: FileCache = new FileCache({
    reader: { lookup: (path) => timedLookup(reader, path, tally, tracing) },
    maximumEntries: CACHED_FILES,
  });
  const tally = new RequestTally(cache);
  const hours = new HourTally();
  const lag = new LagMeter(systemClock);
  const recorder = new BatchRecorder({
    send: (recorded) => send({ type: "recorded", recorded }),
    wanted: () => side.config,
    largeFrom: () => side.config.verify?.from ?? null,
    tally,
    hours,
    clock: systemClock,
  });
  recording(recorder);
  const channel = store.type === "redis" ? siblingChannel(store) : null;
  const files = channel === null ? cache : new SiblingFiles({ cache, channel, clock: systemClock });
  const side: HttpSide<LoadedDatabases> = new HttpSide({
    config,
    files,
    reader,
    repository: repositoryDisk,
    openGeo: (databases) => createGeoResolver(databases, log),
    recorder,
    tally,
    hours,
    forwarders: new ForwarderTally(
      (forwarded) => send({ type: "forwarded", forwarded }),
      systemClock,
    ),
    threads: servingThreads,
    cut: (peer) => {
      // Whoever comes by a socket of this machine has no address.
      if (!("hostname" in peer)) return;
      send({ type: "stalled", peer: { hostname: peer.hostname, port: peer.port } });
    },
    wanted: wantedFiles((paths) => send({ type: "wanted", paths }), systemClock),
    log,
    // The download log shows microseconds; where nobody sees them, the cheaper clock will do.
    now: () => side.config.logDir === null ? systemClock.now() : fine(),
    elapsed: systemClock.elapsed,
    after: systemClock.after,
    random: Math.random,
    version: VERSION,
  });
  const measure = (): ThreadMeasure => ({
    lag: lag.take(),
    heap: Deno.memoryUsage().heapUsed,
    cache: { entries: cache.size, bytes: cache.bytes },
    tallied: tally.take(),
  });
  const close = async (): Promise<void> => {
    lag[Symbol.dispose]();
    if (files instanceof SiblingFiles) files[Symbol.dispose]();
    await reader[Symbol.asyncDispose]();
  };
  await side.prepared;
  return new HttpThread({ side, measure, send, log, close, clock: systemClock });
}

/** Looks a file up in the store, and counts how long that took. */
function timedLookup(
  reader: Pick<StoreReader, "lookup">,
  path: string,
  tally: RequestTally,
  tracing: Tracing | null,
): MaybePromise<IndexedFile | null> {
  const began = systemClock.elapsed();
  const span = tracing?.begin("store lookup");
  const end = (error?: unknown): void => {
    tally.lookedUp(systemClock.elapsed() - began, error !== undefined);
    span?.end(error);
  };
  try {
    const found = reader.lookup(path);
    if (found instanceof Promise) found.then(() => end(), (error) => end(error ?? "unknown"));
    else end();
    return found;
  } catch (error) {
    end(error);
    throw error;
  }
}

/** What reads each kind of store. The library for Redis takes long to load. */
const READERS = {
  embedded: () => import("../store/sqlite/sqlite_reader.ts"),
  redis: () => import("../store/redis/redis_reader.ts"),
} as const;

async function openReader(place: StorePlace, log: Log): Promise<StoreReader> {
  if (place.type === "embedded") {
    return (await READERS.embedded()).openSqliteReader({ ...place, log, now: systemClock.now });
  }
  return await (await READERS.redis()).openRedisReader({
    ...place,
    log,
    now: systemClock.now,
    clock: systemClock,
  });
}

/** The way to the other HTTP threads with this store; `null` where Deno keeps it behind a flag. */
function siblingChannel(
  { address, sentinels, db }: Extract<StorePlace, { type: "redis" }>,
): SiblingChannel | null {
  const { BroadcastChannel: Channel } = globalThis as {
    BroadcastChannel?: new (name: string) => SiblingChannel;
  };
  return Channel === undefined
    ? null
    : new Channel(`mirrorbits-files ${JSON.stringify([address, sentinels, db])}`);
}

/** Obeys the control thread until it ends this worker. */
function obey(scope: WorkerScope<HttpThreadMessage, HttpMessage>): void {
  let recorder: Pick<BatchRecorder, "flush"> | null = null;
  const receive = openHttpThread(
    (message) => scope.postMessage(message),
    (opened) => recorder = opened,
  );
  scope.onmessage = ({ data }) => receive(data);
  // The control thread tells the log, in one line; Deno would print a stack besides.
  const die = (event: Event, error: unknown): void => {
    event.preventDefault();
    // What was answered counts, also when nothing is answered any more.
    recorder?.flush();
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    scope.postMessage({ type: "died", reason });
  };
  scope.addEventListener("error", (event) => die(event, event.error ?? event.message));
  scope.addEventListener("unhandledrejection", (event) => die(event, event.reason));
  scope.postMessage({ type: "open" });
}

// The control thread imports this module too, and is no worker.
if (import.meta.main && "WorkerGlobalScope" in globalThis) {
  obey(globalThis as unknown as WorkerScope<HttpThreadMessage, HttpMessage>);
}
