import { FileCache } from "./store/file_cache.ts";
import { createGeoResolver, type LoadedDatabases } from "./geoip/load_databases.ts";
import type { HttpConfig } from "./http/http_config.ts";
import { HttpSide } from "./http/http_side.ts";
import type { ControlMessage, HttpMessage } from "./http/messages.ts";
import { repositoryDisk } from "./http/repository_disk.ts";
import type { Handler } from "./http/handler.ts";
import type { Log } from "./process/log.ts";
import { BatchRecorder } from "./stats/batch_recorder.ts";
import type { StorePlace } from "./config/store_place.ts";
import type { StoreReader } from "./store/store.ts";
import { VERSION } from "./version.ts";

/** Files whose index entries an HTTP thread remembers. */
const CACHED_FILES = 200_000;

/** What an HTTP thread is started with. */
export interface HttpThreadOptions {
  readonly config: HttpConfig;
  /** The store that it reads, on a connection of its own. */
  readonly store: StorePlace;
  /** Tells the control thread. */
  readonly send: (message: HttpMessage) => void;
}

/** One HTTP thread: composed here, changed by messages, served by whoever owns the port. */
export interface HttpThread extends AsyncDisposable {
  /** Answers requests. */
  readonly handler: Handler;
  /** Takes in what the control thread tells. */
  receive(message: ControlMessage<LoadedDatabases>): void;
}

/**
 * Composes an HTTP thread.
 *
 * @throws StoreUnavailableError when the store cannot be opened
 */
export async function startHttpThread(options: HttpThreadOptions): Promise<HttpThread> {
  const log = messageLog(options.send);
  const reader = await openReader(options.store, log);
  let wantsLines = options.config.logDir !== null;
  const recorder = new BatchRecorder({
    send: (recorded) => options.send({ type: "recorded", recorded }),
    wantsLines: () => wantsLines,
  });
  const side = new HttpSide<LoadedDatabases>({
    config: options.config,
    files: new FileCache({ reader, maximumEntries: CACHED_FILES }),
    reader,
    repository: repositoryDisk,
    openGeo: (databases) => createGeoResolver(databases, log),
    recorder,
    log,
    now: () => performance.timeOrigin + performance.now(),
    random: Math.random,
    version: VERSION,
  });
  return {
    handler: side.handler,
    receive(message) {
      side.receive(message);
      if (message.type === "configuration") wantsLines = message.config.logDir !== null;
      if (message.type === "stop") options.send({ type: "stopped" });
    },
    async [Symbol.asyncDispose]() {
      recorder.flush();
      await reader[Symbol.asyncDispose]();
    },
  };
}

async function openReader(place: StorePlace, log: Log): Promise<StoreReader> {
  if (place.type === "embedded") {
    const { openSqliteReader } = await import("./store/sqlite/sqlite_reader.ts");
    return openSqliteReader(place);
  }
  const { openRedisReader } = await import("./store/redis/redis_reader.ts");
  return await openRedisReader({ ...place, log, now: Date.now });
}

/** A log whose lines the control thread writes. */
function messageLog(send: HttpThreadOptions["send"]): Log {
  const line = (level: "debug" | "info" | "warn" | "error") => (message: string): void =>
    send({ type: "log", level, message });
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
