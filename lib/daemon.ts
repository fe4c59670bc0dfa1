import { lookup } from "node:dns/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "./config/config.ts";
import { daemonPermissions, httpThreadPermissions } from "./config/daemon_permissions.ts";
import { type ReadConfig, readConfig } from "./config/read_config.ts";
import { restartWarnings } from "./config/restart_warnings.ts";
import { readEnvironment } from "./config/read_environment.ts";
import { storePlace } from "./config/store_place.ts";
import { type ControlApp, createControlApp } from "./control/server.ts";
import { versionInfo } from "./control/version_info.ts";
import { CurrentDatabases } from "./geoip/current_databases.ts";
import type { LoadedDatabases } from "./geoip/load_databases.ts";
import { HttpFeed } from "./http/http_feed.ts";
import { listen } from "./http/http_listener.ts";
import { loadPageTemplates } from "./http/pages/load_page_templates.ts";
import type {
  HttpThreadEvents,
  HttpThreadLink,
  HttpThreadPlace,
} from "./http/http_thread_handle.ts";
import { type HttpService, HttpThreads } from "./http/http_threads.ts";
import { linkToWorker } from "./http/worker_link.ts";
import { openHttpThread, type StartMessage } from "./http_worker.ts";
import { ClusterMembership } from "./monitor/cluster.ts";
import { checkHealth } from "./monitor/health_check.ts";
import { createMonitorHttpClient, type MonitorHttpClient } from "./monitor/http_client.ts";
import { Monitor } from "./monitor/monitor.ts";
import { DEFAULT_PATH } from "./process/default_path.ts";
import { fileSink, type LogSink, stderrSink } from "./process/log_file.ts";
import { missingPermissions } from "./process/permission_check.ts";
import { defaultPidFile, writePidFile } from "./process/pid_file.ts";
import { SerialQueue } from "./process/serial_queue.ts";
import { handleSignals } from "./process/signals.ts";
import { TextLog } from "./process/text_log.ts";
import { workerPermissions } from "./process/worker_permissions.ts";
import { FtpLister } from "./scan/ftp_lister.ts";
import { scanMirror } from "./scan/mirror_scan.ts";
import { RsyncLister } from "./scan/rsync_lister.ts";
import { scanSource } from "./scan/source_scan.ts";
import { CounterBuffer } from "./stats/counter_buffer.ts";
import { DownloadLogPlace } from "./stats/download_log_place.ts";
import { SqliteJournal } from "./store/sqlite/sqlite_journal.ts";
import type { Store } from "./store/store.ts";
import { VERSION } from "./version.ts";

/** What the command line says about the daemon. */
export interface DaemonOptions {
  /** Path given with `-config`; `null`: the default file if there is one. */
  readonly configFile: string | null;
  /** Whether the runtime log shows debug messages. */
  readonly debug: boolean;
  /** Whether this node scans and checks mirrors on schedule. */
  readonly monitor: boolean;
  /** File of the runtime log; `null`: standard error. */
  readonly logFile: string | null;
  /** File of the process ID; `null`: the default one. */
  readonly pidFile: string | null;
  /** Goes before the key Repository. */
  readonly repository: string | null;
  /** Goes before the key ListenAddress. */
  readonly listen: string | null;
}

/** The process that the daemon runs in, where that is not this thread's own. */
export interface DaemonProcess {
  /** Its environment. Default: as much as may be read. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends it at once. Default: `Deno.exit`. */
  readonly exit?: (code: number) => void;
}

/** Directory of the program's own files, which its threads read; `null`: they are in the program. */
const SOURCES = Deno.build.standalone ? null : fileURLToPath(new URL("../", import.meta.url));

/**
 * Whether the system deals the connections of one address out among several threads; elsewhere the
 * last to listen gets them all. `listenDatagram` is there where Deno may share an address.
 */
const BALANCED = Deno.build.os === "linux" && "listenDatagram" in Deno;

/** Milliseconds between two looks at the GeoIP databases. */
const GEOIP_INTERVAL = 30_000;

/**
 * Runs the server until it is told to stop.
 *
 * @returns the exit code: 0 stopped, 1 failed
 */
export async function runDaemon(
  options: DaemonOptions,
  { environment = readEnvironment(Deno.env), exit = Deno.exit }: DaemonProcess = {},
): Promise<number> {
  const stderr = stderrSink();
  let sink: LogSink = stderr;
  const log = new TextLog({
    write: (text) => sink.write(text),
    now: Date.now,
    debug: options.debug,
    colour: options.logFile === null && Deno.stderr.isTerminal() && !environment.NO_COLOR,
  });
  try {
    if (options.logFile !== null) sink = fileSink(options.logFile, stderr);
    log.info(`Mirrorbits ${VERSION} on Deno ${Deno.version.deno}`);
    await using daemon = new Daemon(options, log, { environment, exit }, () => sink.reopen());
    await daemon.run();
    return 0;
  } catch (error) {
    log.error(messageOf(error));
    return 1;
  } finally {
    sink[Symbol.dispose]();
  }
}

/** The running server: everything that the control thread owns. */
class Daemon implements AsyncDisposable {
  readonly #resources = new AsyncDisposableStack();
  readonly #stop = new AbortController();
  readonly #options: DaemonOptions;
  readonly #log: TextLog;
  readonly #process: Required<DaemonProcess>;
  readonly #reopenLog: () => void;
  #config!: Config;
  #store!: Store;
  #counters!: CounterBuffer;
  #http!: HttpThreads<LoadedDatabases>;
  /** One change of the configuration or the databases at a time. */
  readonly #changes = new SerialQueue();
  readonly #geo: CurrentDatabases;
  readonly #downloadLog: DownloadLogPlace;

  constructor(
    options: DaemonOptions,
    log: TextLog,
    process: Required<DaemonProcess>,
    reopenLog: () => void,
  ) {
    this.#options = options;
    this.#log = log;
    this.#process = process;
    this.#reopenLog = reopenLog;
    this.#geo = new CurrentDatabases({
      directory: () => this.#config.geoipDatabasePath,
      log,
      loaded: (databases) => this.#http.broadcast({ type: "geoip", databases }),
    });
    this.#downloadLog = new DownloadLogPlace({
      machine: hostname(),
      binary: `Built with deno ${Deno.version.deno} for ${Deno.build.os}/${Deno.build.arch}`,
      now: Date.now,
      log,
    });
  }

  /** Starts everything and waits for the signal to stop. */
  async run(): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    this.#resources.use(handleSignals({
      reload: () => void this.#reload().catch((error) => this.#log.error(messageOf(error))),
      reopenLogs: () => void this.#reopenLogs(),
      stop: (signal) => {
        this.#log.info(`Stopping on ${signal}`);
        stopped.resolve();
      },
      abort: () => this.#process.exit(130),
    }));
    const { config, warnings, file } = await this.#readConfig();
    this.#config = config;
    this.#log.info(file === null ? "Configuration: no file" : `Configuration: "${file}"`);
    for (const warning of warnings) this.#log.warn(warning);
    for (const warning of await this.#checkPermissions(config)) this.#log.warn(warning);

    await this.#openStore();
    this.#resources.use(this.#downloadLog);
    await this.#downloadLog.move(config.logDir);
    this.#counters = this.#resources.use(
      new CounterBuffer({
        store: this.#store,
        log: this.#log,
        sameDownloadInterval: () => this.#config.sameDownloadInterval,
        journal: storePlace(config).type === "redis"
          ? new SqliteJournal(`${dirname(config.databasePath)}/counters-journal.db`)
          : null,
      }),
    );
    await this.#startHttp();
    const scans = this.#startMonitor();
    this.#resources.use(
      await listen({ transport: "tcp", ...config.rpcListenAddress }, this.#controlApp(scans).fetch),
    );
    await this.#http.serve(serviceOf(config));
    // First of all, requests under way finish while everything is there.
    this.#resources.defer(() => this.#http[Symbol.asyncDispose]());
    const pidFile = this.#options.pidFile ??
      defaultPidFile({ get: (name) => this.#process.environment[name] });
    this.#resources.use(writePidFile(pidFile, Deno.pid, this.#log));
    await stopped.promise;
  }

  /** Stops in the opposite order, so that nothing recorded is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The daemon is stopping"));
    await this.#changes.idle();
    await this.#resources.disposeAsync();
  }

  async #readConfig(): Promise<ReadConfig> {
    const { configFile, repository, listen } = this.#options;
    const read = await readConfig({
      configFile: configFile ?? undefined,
      environment: this.#process.environment,
      flags: { repository: repository ?? undefined, listenAddress: listen ?? undefined },
      workingDirectory: Deno.cwd(),
    });
    const { templates, warnings } = await loadPageTemplates(read.config.templates);
    // The HTTP threads get the templates with the configuration.
    const config = { ...read.config, pageTemplates: templates };
    return { ...read, config, warnings: [...read.warnings, ...warnings] };
  }

  /**
   * Looks whether Deno allows what a configuration needs, and asks nobody to allow it. What has words
   * of its own when it fails is left to them.
   *
   * @returns what the daemon can do without, one sentence each
   * @throws Error with what it cannot do without
   */
  async #checkPermissions(config: Config): Promise<string[]> {
    const realRepository = await Deno.realPath(config.repository).catch(() => config.repository);
    const needed = daemonPermissions({
      config: { ...config, geoipDatabasePath: "", templates: null },
      realRepository,
      sources: SOURCES,
      mirrorHosts: [],
      ...{ configFile: "", pidFile: "", logFile: null, certificates: null, executable: "" },
    });
    const vital = [
      config.repository,
      realRepository,
      SOURCES?.replace(/\/$/, "") ?? "",
      ...needed.net === true ? [] : needed.net,
    ];
    if (storePlace(config).type === "embedded") vital.push(dirname(config.databasePath));
    // Only mirrors with rsyncs:// need rsync-ssl; the executable was told where programs may be.
    const run = SOURCES === null ? [] : ["rsync"];
    const missing = missingPermissions({ ...needed, run }, {
      isFatal: (name, value) => value === null ? name === "env" : vital.includes(value),
      remedy: SOURCES === null
        ? () => "start the program again, it gave up what it did not need"
        : (flag) => `start with ${flag}`,
    });
    const fatal = missing.filter((one) => one.fatal);
    if (fatal.length > 0) throw new Error(fatal.map(({ message }) => message).join("\n"));
    return missing.map(({ message }) => message);
  }

  async #openStore(): Promise<void> {
    const place = storePlace(this.#config);
    const options = { ...place, log: this.#log, now: Date.now };
    if (options.type === "embedded") {
      const { openSqliteStore } = await import("./store/sqlite/open_sqlite_store.ts");
      this.#store = await openSqliteStore(options);
    } else {
      const { openRedisStore } = await import("./store/redis/redis_store.ts");
      this.#store = await openRedisStore(options);
    }
    this.#resources.use(this.#store);
    try {
      const [mirrors, files] = [await this.#store.mirrors(), await this.#store.countFiles()];
      this.#log.info(
        `Store: ${this.#store.description}, ${mirrors.length} mirrors, ${files} files`,
      );
    } catch {
      this.#log.info(`Store: ${this.#store.description}, not available yet`);
    }
  }

  /** The HTTP threads, and what tells them of changes. */
  async #startHttp(): Promise<void> {
    const store = storePlace(this.#config);
    this.#http = this.#resources.use(
      new HttpThreads({
        config: this.#config,
        start: (place, config, events, permissions) =>
          startHttpThread(place, { type: "start", config, store }, events, permissions),
        balanced: BALANCED,
        recorded: (recorded) => {
          this.#counters.add(recorded);
          this.#downloadLog.append(recorded.lines);
        },
        log: this.#log,
      }),
    );
    this.#http.prepare(serviceOf(this.#config));
    const feed = new HttpFeed({
      store: this.#store,
      send: (message) => this.#http.broadcast(message),
      log: this.#log,
    });
    await Promise.all([this.#geo.refresh(), feed.start(this.#stop.signal)]);
    const refresh = (): Promise<void> => this.#exclusively(() => this.#geo.refresh());
    const timer = setInterval(() => refresh().catch(() => {}), GEOIP_INTERVAL);
    this.#resources.defer(() => clearInterval(timer));
  }

  /** Health checks and scans; the schedule runs only where it is wanted. */
  #startMonitor(): Monitor {
    const { signal } = this.#stop;
    const common = { store: this.#store, log: this.#log, now: Date.now, random: Math.random };
    const { fetch, certificates } = this.#resources.use(this.#monitorClient());
    const path = this.#process.environment.PATH ? {} : { PATH: DEFAULT_PATH };
    const listers = [
      new RsyncLister({ environment: path }),
      new FtpLister({ now: Date.now, certificates }),
    ];
    const cluster = this.#joinCluster();
    const monitor = new Monitor({
      ...common,
      signal,
      cluster,
      config: () => this.#config,
      scanMirror: (mirror, request) =>
        scanMirror({ ...common, ...request, mirror, listers, fetch, config: this.#config }),
      scanSource: (request) => scanSource({ ...common, ...request, ...this.#config }),
      checkHealth: (mirror, signal) =>
        checkHealth({ ...common, mirror, fetch, signal, config: this.#config }),
      onSourceScanned: ({ aliases }) => this.#http.broadcast({ type: "aliases", aliases }),
    });
    this.#resources.use(monitor);
    if (this.#options.monitor) {
      const running = monitor.run();
      this.#resources.defer(() => running);
    }
    return monitor;
  }

  #monitorClient(): MonitorHttpClient {
    const file = this.#process.environment.SSL_CERT_FILE;
    try {
      const certificates = file ? [Deno.readTextFileSync(file)] : [];
      return createMonitorHttpClient({ certificates });
    } catch (error) {
      this.#log.warn(`Cannot use the certificates in "${file}": ${messageOf(error)}`);
      return createMonitorHttpClient();
    }
  }

  #joinCluster(): ClusterMembership | null {
    if (this.#store.cluster === null || !this.#options.monitor) return null;
    const membership = new ClusterMembership({
      channel: this.#store.cluster,
      database: this.#config.redisDb,
      hostname: hostname(),
      now: Date.now,
      random: Math.random,
    });
    const running = membership.run(this.#stop.signal);
    this.#resources.defer(() => running);
    return membership;
  }

  #controlApp(scans: Monitor): ControlApp {
    return createControlApp({
      store: this.#store,
      scans,
      geo: this.#geo,
      resolveHost: async (host) =>
        (await lookup(host, { all: true })).map(({ address }) => address),
      reload: () => this.#reload(),
      version: versionInfo(VERSION),
      config: () => this.#config,
      now: Date.now,
      log: this.#log,
    });
  }

  /**
   * Reads the configuration again and puts it into force.
   *
   * @throws ConfigError, or Error when the new address cannot be used; then nothing changed
   */
  #reload(): Promise<{ warnings: readonly string[] }> {
    return this.#exclusively(async () => {
      const { config, warnings: found } = await this.#readConfig();
      const denied = await this.#checkPermissions(config);
      const warnings = [...found, ...denied, ...restartWarnings(this.#config, config)];
      await this.#http.serve(serviceOf(config));
      this.#config = config;
      this.#http.broadcast({ type: "configuration", config });
      await this.#downloadLog.move(config.logDir);
      await this.#geo.refresh();
      for (const warning of warnings) this.#log.warn(warning);
      this.#log.info("Configuration reloaded");
      return { warnings };
    });
  }

  async #reopenLogs(): Promise<void> {
    this.#reopenLog();
    await this.#downloadLog.reopen();
    this.#log.info("Logs reopened");
  }

  /** Makes one change at a time, and none while the daemon stops. */
  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.#changes.run(() => {
      this.#stop.signal.throwIfAborted();
      return change();
    });
  }
}

function serviceOf(config: Config): HttpService {
  const { listenAddress, workers } = config;
  return {
    address: listenAddress,
    workers: workers === "auto" ? navigator.hardwareConcurrency : workers,
    permissions: workerPermissions(httpThreadPermissions(config, { sources: SOURCES })),
  };
}

function startHttpThread(
  place: HttpThreadPlace,
  start: StartMessage,
  events: HttpThreadEvents,
  permissions: Deno.PermissionOptions,
): HttpThreadLink<LoadedDatabases> {
  if (place === "worker") {
    return linkToWorker(new URL("./http_worker.ts", import.meta.url), start, events, permissions);
  }
  const send = openHttpThread(events.message);
  send(start);
  return { send, terminate: () => {} };
}

function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "localhost";
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
