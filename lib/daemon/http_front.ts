import type { Config } from "../config/config.ts";
import type { LoadedDatabases } from "../geoip/load_databases.ts";
import type { HttpThreadEvents, HttpThreadPlace } from "../http/threads/thread_handle.ts";
import type { ForwardedRequests } from "../http/threads/forwarder_tally.ts";
import type { HttpService } from "../http/threads/service.ts";
import type { Cutter, Steering } from "../http/threads/steering.ts";
import type { HttpThreadMessage } from "./http_worker.ts";
import type { Log } from "../log/log.ts";
import type { Pressure } from "../process/pressure.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";
import type { TalliedRequests } from "../stats/tallied_requests.ts";
import type { MaybePromise } from "../store/store_reader.ts";
import { httpThreadPermissions } from "../config/daemon_permissions.ts";
import { storePlace } from "../config/store_place.ts";
import { HttpThreads } from "../http/threads/threads.ts";
import { holdMessages, linkToWorker, type WorkerLink } from "../http/threads/worker_link.ts";
import { BALANCED, workersOf } from "./workers.ts";
import { workerPermissions } from "../process/worker_permissions.ts";
import { systemClock } from "./system_clock.ts";
import { SOURCES } from "../process/sources.ts";

/** What the HTTP threads of a daemon work with. */
export interface HttpFrontOptions {
  /** What they start with; the store is the one that it names. */
  readonly config: Config;
  /** They may be started before it, and open the store after it. Default: it is open. */
  readonly storeOpen?: Promise<unknown>;
  /** Takes in what they recorded; what it returns is when that is done. */
  readonly recorded: (recorded: RecordedAnswers) => MaybePromise<void>;
  /** Takes in what they counted, where that comes by itself. */
  readonly tallied: (tallied: TalliedRequests) => void;
  /** Takes in who forwarded requests to them. */
  readonly forwarded: (forwarded: ForwardedRequests) => void;
  /** Takes in which files mirrors should be asked for. */
  readonly wanted: (paths: readonly string[]) => void;
  /** Whether there are file descriptors for threads; told of those that are missing. */
  readonly pressure: Pressure;
  /** Decides which threads and processes get new connections. */
  readonly steering: Steering & Cutter;
  readonly log: Log;
}

/** Makes the HTTP threads of a daemon; none is started yet. */
export function createHttpFront(
  options: HttpFrontOptions,
): HttpThreads<LoadedDatabases> {
  const { config, storeOpen = Promise.resolve(), recorded, tallied, forwarded, wanted } = options;
  const { pressure, steering, log } = options;
  const store = storePlace(config);
  return new HttpThreads({
    config,
    start: (place, config, events, permissions) => {
      const link = openLink(place, events, permissions);
      link.send({ type: "load", store: store.type });
      const send = holdMessages<HttpThreadMessage>(link.send, storeOpen);
      send({ type: "start", config, store });
      return { send, terminate: link.terminate, prepares: true };
    },
    balanced: BALANCED,
    steering: BALANCED ? steering : null,
    cutter: steering,
    refused: (reason) => pressure.failed(reason),
    pressure: () => pressure.high,
    recorded,
    tallied,
    forwarded,
    wanted,
    log,
    clock: systemClock,
  });
}

/** How requests are served with a configuration. */
export function httpServiceOf(config: Config): HttpService {
  return {
    address: config.listenAddress,
    workers: workersOf(config),
    permissions: workerPermissions(httpThreadPermissions(config, { sources: SOURCES })),
  };
}

function openLink(
  place: HttpThreadPlace,
  events: HttpThreadEvents,
  permissions: Deno.PermissionOptions,
): WorkerLink<HttpThreadMessage> {
  if (place === "here") {
    // Where requests have threads of their own, this one has no need of it.
    const opened = import("./http_worker.ts")
      .then(({ openHttpThread }) => openHttpThread(events.message));
    return {
      send: (message) => void opened.then((send) => send(message)),
      terminate: () => {},
    };
  }
  return linkToWorker(new URL("./http_worker.ts", import.meta.url), events, permissions);
}
