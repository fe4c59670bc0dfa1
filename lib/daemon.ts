import { lookup } from "node:dns/promises";
import type { Config } from "./config/config.ts";
import { type ReadConfig, readConfig } from "./config/read_config.ts";
import { storePlace } from "./config/store_place.ts";
import { type ControlApp, createControlApp } from "./control/server.ts";
import { versionInfo } from "./control/version_info.ts";
import { type GeoDatabases, loadGeoDatabases } from "./geoip/load_databases.ts";
import { HttpFeed } from "./http/http_feed.ts";
import { type HttpListener, listen, listenText } from "./http/http_listener.ts";
import type { HttpMessage } from "./http/messages.ts";
import { type HttpThread, startHttpThread } from "./http_worker.ts";
import { ClusterMembership } from "./monitor/cluster.ts";
import { checkHealth } from "./monitor/health_check.ts";
import { createMonitorHttpClient, type MonitorHttpClient } from "./monitor/http_client.ts";
import { Monitor } from "./monitor/monitor.ts";
import { fileSink, type LogSink, stderrSink } from "./process/log_file.ts";
import { defaultPidFile, writePidFile } from "./process/pid_file.ts";
import { handleSignals } from "./process/signals.ts";
import { TextLog } from "./process/text_log.ts";
import { scanMirror } from "./scan/mirror_scan.ts";
import { RsyncLister } from "./scan/rsync_lister.ts";
import { scanSource } from "./scan/source_scan.ts";
import { CounterBuffer } from "./stats/counter_buffer.ts";
import { DownloadLog } from "./stats/download_log.ts";
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

/** Milliseconds between two looks at the GeoIP databases. */
const GEOIP_INTERVAL = 30_000;

/**
 * Runs the server until it is told to stop.
 *
 * @returns the exit code: 0 stopped, 1 failed
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const stderr = stderrSink();
  let sink: LogSink = stderr;
  const log = new TextLog({
    write: (text) => sink.write(text),
    now: Date.now,
    debug: options.debug,
    colour: options.logFile === null && Deno.stderr.isTerminal() && !Deno.env.get("NO_COLOR"),
  });
  try {
    if (options.logFile !== null) sink = fileSink(options.logFile, stderr);
    log.info(`Mirrorbits ${VERSION} on Deno ${Deno.version.deno}`);
    await using daemon = new Daemon(options, log, () => sink.reopen());
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
  readonly #reopenLog: () => void;
  #config!: Config;
  #store!: Store;
  #counters!: CounterBuffer;
  #http!: HttpThread;
  #geo: GeoDatabases | null = null;
  #downloadLog: DownloadLog | null = null;
  #httpListener: HttpListener | null = null;
  #controlListener: HttpListener | null = null;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: DaemonOptions, log: TextLog, reopenLog: () => void) {
    this.#options = options;
    this.#log = log;
    this.#reopenLog = reopenLog;
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
      abort: () => Deno.exit(130),
    }));
    const { config, warnings, file } = await this.#readConfig();
    this.#config = config;
    this.#log.info(file === null ? "Configuration: no file" : `Configuration: "${file}"`);
    for (const warning of warnings) this.#log.warn(warning);

    await this.#openStore();
    this.#openDownloadLog();
    this.#resources.defer(async () => await this.#downloadLog?.[Symbol.asyncDispose]());
    this.#counters = this.#resources.use(
      new CounterBuffer({
        store: this.#store,
        log: this.#log,
        sameDownloadInterval: () => this.#config.sameDownloadInterval,
      }),
    );
    await this.#startHttp();
    this.#controlListener = await this.#listenForControl(config, this.#startMonitor());
    this.#resources.defer(async () => await this.#controlListener?.[Symbol.asyncDispose]());
    this.#httpListener = await listen(config.listenAddress, this.#http.handler);
    this.#resources.defer(async () => await this.#httpListener?.[Symbol.asyncDispose]());
    this.#log.info(`Listening on ${this.#httpListener.address}`);
    const pidFile = this.#options.pidFile ?? defaultPidFile(Deno.env);
    this.#resources.use(writePidFile(pidFile, Deno.pid, this.#log));
    await stopped.promise;
  }

  /** Stops in the opposite order, so that nothing recorded is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The daemon is stopping"));
    await this.#changing.catch(() => {});
    await this.#resources.disposeAsync();
  }

  #readConfig(): Promise<ReadConfig> {
    const { configFile, repository, listen } = this.#options;
    return readConfig({
      configFile: configFile ?? undefined,
      environment: Deno.env.toObject(),
      flags: { repository: repository ?? undefined, listenAddress: listen ?? undefined },
      workingDirectory: Deno.cwd(),
    });
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

  /** The HTTP thread, and what tells it of changes. */
  async #startHttp(): Promise<void> {
    this.#http = await startHttpThread({
      config: this.#config,
      store: storePlace(this.#config),
      send: (message) => this.#receive(message),
    });
    this.#resources.use(this.#http);
    await this.#loadGeo();
    const feed = new HttpFeed({
      store: this.#store,
      send: (message) => this.#http.receive(message),
      log: this.#log,
    });
    await feed.start(this.#stop.signal);
    const timer = setInterval(() => this.#exclusively(() => this.#reloadGeo()), GEOIP_INTERVAL);
    this.#resources.defer(() => clearInterval(timer));
  }

  #receive(message: HttpMessage): void {
    if (message.type === "recorded") {
      this.#counters.add(message.recorded);
      this.#downloadLog?.append(message.recorded.lines);
    } else if (message.type === "log") {
      this.#log[message.level](message.message);
    }
  }

  async #loadGeo(): Promise<void> {
    this.#geo = await loadGeoDatabases({
      directory: this.#config.geoipDatabasePath,
      log: this.#log,
      previous: this.#geo,
    });
    this.#http.receive({ type: "geoip", databases: this.#geo.databases });
  }

  async #reloadGeo(): Promise<void> {
    if (await this.#geo?.changed()) await this.#loadGeo();
  }

  /** Health checks and scans; the schedule runs only where it is wanted. */
  #startMonitor(): Monitor {
    const { signal } = this.#stop;
    const common = { store: this.#store, log: this.#log, now: Date.now, random: Math.random };
    const { fetch } = this.#resources.use(this.#monitorClient());
    const listers = [new RsyncLister()];
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
      onSourceScanned: ({ aliases }) => this.#http.receive({ type: "aliases", aliases }),
    });
    this.#resources.use(monitor);
    if (this.#options.monitor) {
      const running = monitor.run();
      this.#resources.defer(() => running);
    }
    return monitor;
  }

  #monitorClient(): MonitorHttpClient {
    const file = Deno.env.get("SSL_CERT_FILE");
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
      geo: { resolve: (address) => this.#geo?.resolver.resolve(address) ?? null },
      resolveHost: async (host) =>
        (await lookup(host, { all: true })).map(({ address }) => address),
      reload: () => this.#reload(),
      version: versionInfo(VERSION),
      config: () => this.#config,
      now: Date.now,
      log: this.#log,
    });
  }

  #listenForControl(config: Config, scans: Monitor): Promise<HttpListener> {
    const app = this.#controlApp(scans);
    return listen({ transport: "tcp", ...config.rpcListenAddress }, app.fetch);
  }

  /**
   * Reads the configuration again and puts it into force.
   *
   * @throws ConfigError, or Error when the new address cannot be used; then nothing changed
   */
  #reload(): Promise<{ warnings: readonly string[] }> {
    return this.#exclusively(async () => {
      const { config, warnings: found } = await this.#readConfig();
      const warnings = [...found];
      const before = this.#config;
      if (JSON.stringify(storePlace(config)) !== JSON.stringify(storePlace(before))) {
        warnings.push("Another store takes effect when the daemon is started again");
      }
      if (JSON.stringify(config.rpcListenAddress) !== JSON.stringify(before.rpcListenAddress)) {
        warnings.push("Another RPCListenAddress takes effect when the daemon is started again");
      }
      const moved = listenText(config.listenAddress) !== listenText(before.listenAddress);
      const next = moved ? await listen(config.listenAddress, this.#http.handler) : null;
      this.#config = config;
      this.#http.receive({ type: "configuration", config });
      if (next !== null) {
        const old = this.#httpListener;
        this.#httpListener = next;
        this.#log.info(`Listening on ${next.address}`);
        void old?.[Symbol.asyncDispose]();
      }
      if (config.logDir !== before.logDir) {
        const old = this.#downloadLog;
        this.#openDownloadLog();
        await old?.[Symbol.asyncDispose]();
      } else await this.#downloadLog?.reopen();
      if (config.geoipDatabasePath !== before.geoipDatabasePath) await this.#loadGeo();
      else await this.#reloadGeo();
      for (const warning of warnings) this.#log.warn(warning);
      this.#log.info("Configuration reloaded");
      return { warnings };
    });
  }

  #openDownloadLog(): void {
    const { logDir } = this.#config;
    this.#downloadLog = logDir === null ? null : new DownloadLog({
      directory: logDir,
      machine: hostname(),
      binary: `Built with deno ${Deno.version.deno} for ${Deno.build.os}/${Deno.build.arch}`,
      now: Date.now,
      log: this.#log,
    });
  }

  async #reopenLogs(): Promise<void> {
    this.#reopenLog();
    await this.#downloadLog?.reopen();
    this.#log.info("Logs reopened");
  }

  /** One change of the configuration or the databases at a time, and none while it stops. */
  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changing.catch(() => {}).then(() => {
      this.#stop.signal.throwIfAborted();
      return change();
    });
    this.#changing = next.catch(() => {});
    return next;
  }
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
