import type { Config } from "../config/config.ts";
import { ownNotifySocket } from "../config/daemon_permissions.ts";
import { defaultPidFile } from "../config/default_pid_file.ts";
import { ControlPort } from "./control_port.ts";
import { checkDaemonPermissions, readDaemonConfig } from "./config.ts";
import type { DaemonOptions, DaemonProcess } from "./options.ts";
import { GeoSide } from "./geo_side.ts";
import { Handover } from "./handover.ts";
import { hostname } from "../process/hostname.ts";
import type { FileSink } from "../process/log_file.ts";
import { Pressure } from "../process/pressure.ts";
import { Relief } from "./relief.ts";
import type { DescriptorCounter } from "../upgrade/descriptors.ts";
import type { Cutter, Steering } from "../http/threads/steering.ts";
import { BALANCED } from "./workers.ts";
import { messageOf } from "../log/message_of.ts";
import type { Tracing } from "../log/tracing.ts";
import { openServiceNotify } from "../process/open_service_notify.ts";
import { writePidFile } from "../process/pid_file.ts";
import { SerialQueue } from "../process/serial_queue.ts";
import type { ServiceNotify } from "../process/service_notify.ts";
import { handleSignals } from "../process/signals.ts";
import type { TextLog } from "../log/text_log.ts";
import { firstStep } from "./first_step.ts";
import { exportMetrics } from "./export_metrics.ts";
import { LagMeter } from "../stats/lag_meter.ts";
import { RequestTotals } from "../stats/request_totals.ts";
import { MetricsPort } from "./metrics_port.ts";
import { missingForUpgrade } from "../upgrade/permissions.ts";
import { Service } from "./service.ts";
import { ServiceInForce } from "./service_in_force.ts";
import { systemClock } from "./system_clock.ts";
import { DownloadLogPlace } from "../stats/download_log_place.ts";
import { VERSION } from "../version.ts";

/** Why a daemon ends. */
export interface DaemonEnd {
  /** Resolves when the process that took over has ended; `null`: none did. */
  readonly next: Promise<void> | null;
}

/**
 * The life of the server: starts a {@linkcode Service}, obeys signals, reloads, stops. It owns what
 * outlives a configuration.
 */
export class Daemon implements AsyncDisposable {
  readonly #resources = new AsyncDisposableStack();
  readonly #stop = new AbortController();
  readonly #options: DaemonOptions;
  readonly #log: TextLog;
  readonly #process: Required<DaemonProcess>;
  readonly #tracing: Tracing | null;
  readonly #logFile: Pick<FileSink, "reopen" | "setMode">;
  /** One change of the configuration or the databases at a time. */
  readonly #changes = new SerialQueue();
  readonly #geo: GeoSide;
  readonly #downloadLog: DownloadLogPlace;
  readonly #pressure: Pressure;
  readonly #control: ControlPort;
  readonly #metrics: MetricsPort;
  readonly #totals: RequestTotals;
  readonly #lag: LagMeter;
  readonly #started = systemClock.now();
  readonly #steering: Steering & Cutter & DescriptorCounter;
  readonly #stopped = Promise.withResolvers<DaemonEnd>();
  readonly #services: ServiceInForce;
  /** Whether there is a configuration file. */
  #configured = false;
  readonly #handover: Handover;
  /** The way to the service manager, if there is one. */
  #notify!: ServiceNotify;

  constructor(
    options: DaemonOptions,
    log: TextLog,
    process: Required<DaemonProcess>,
    tracing: Tracing | null,
    logFile: Pick<FileSink, "reopen" | "setMode">,
  ) {
    this.#options = options;
    this.#log = log;
    this.#process = process;
    this.#logFile = logFile;
    this.#tracing = tracing;
    this.#pressure = new Pressure({ elapsed: systemClock.elapsed, log });
    this.#control = new ControlPort(BALANCED, (reason) => this.#pressure.failed(reason));
    this.#metrics = new MetricsPort(
      BALANCED,
      (reason) => this.#pressure.failed(reason),
      (accept) => this.#service.metrics(accept),
      (error) => this.#log.error(`Cannot write the metrics: ${messageOf(error)}`),
    );
    this.#totals = new RequestTotals({
      mirrors: () => this.#service.config.metricsMirrors,
      sameDownloadInterval: () => this.#service.config.sameDownloadInterval,
      clock: systemClock,
    });
    this.#lag = this.#resources.use(new LagMeter(systemClock));
    this.#steering = this.#resources.use(process.steering(log));
    this.#geo = this.#resources.use(
      new GeoSide({
        config: () => this.#service.config,
        environment: process.environment,
        loaded: (databases) => this.#service.broadcast({ type: "geoip", databases }),
        exclusively: (change) => this.#exclusively(change),
        log,
      }),
    );
    this.#downloadLog = new DownloadLogPlace({
      machine: hostname(),
      binary: `Built with deno ${Deno.version.deno} for ${Deno.build.os}/${Deno.build.arch}`,
      clock: systemClock,
      mode: () => this.#service.config.logMode,
      log,
    });
    this.#services = new ServiceInForce({
      create: (config) => this.#createService(config),
      databases: () => this.#geo.databases.loaded,
      control: this.#control,
      metrics: this.#metrics,
      log,
    });
    this.#handover = new Handover({
      ...process,
      options,
      readConfig: () => this.#readConfig(),
      service: () => this.#service,
      control: this.#control,
      metrics: this.#metrics,
      downloadLog: this.#downloadLog,
      writePidFile: () => this.#writePidFile(),
      exclusively: (change) =>
        this.#exclusively(async () => {
          await this.#services.settled();
          return await change();
        }),
      replaced: async ({ pid, ended }) => {
        await this.#notify.handOver(pid);
        this.#stopped.resolve({ next: ended });
      },
      lost: (error) => this.#stopped.reject(error),
      signal: this.#stop.signal,
      log,
    });
  }

  /** Starts everything and waits until it has to stop. */
  async run(): Promise<DaemonEnd> {
    try {
      await this.#start();
    } catch (error) {
      await this.#handover.failed(messageOf(error));
      throw error;
    }
    return await this.#stopped.promise;
  }

  async #start(): Promise<void> {
    this.#resources.use(handleSignals({
      reload: () => void this.#reload().catch(() => {}),
      reopenLogs: () => void this.#reopenLogs(),
      upgrade: () => void this.#handover.upgrade().catch(() => {}),
      stop: (signal) => {
        this.#log.info(`Stopping on ${signal}`);
        void this.#notify?.stopping();
        this.#service?.refuse();
        this.#handover.stopping();
        this.#stopped.resolve({ next: null });
      },
      abort: () => this.#process.exit(130),
    }));
    const config = await this.#firstConfig();
    this.#notify = this.#resources.use(
      openServiceNotify({
        environment: this.#process.environment,
        pid: Deno.pid,
        ownSocket: ownNotifySocket(config),
        clock: systemClock,
        log: this.#log,
      }),
    );
    this.#resources.use(this.#downloadLog);
    this.#services.begin(config);
    this.#resources.use(this.#services);
    // While the process that is replaced has everything else.
    if (this.#handover.isSuccessor) await this.#geo.refresh();
    const predecessor = await this.#handover.take(config);
    await this.#downloadLog.move(config.logDir);
    // A thread that is started when clients have taken all descriptors ends the program in the runtime.
    const counting = this.#steering.descriptors();
    await Promise.all([this.#geo.refresh(), this.#service.open(), counting]);
    this.#geo.watch();
    this.#resources.use(this.#exportedMetrics());
    this.#resources.use(this.#control);
    this.#control.answer(this.#service.app!);
    this.#resources.use(this.#metrics);
    if (!this.#handover.isSuccessor) {
      await this.#control.listen(config.rpcListenAddress);
      await this.#metrics.listen(config.metricsListenAddress);
    }
    // Clients of the first thread that listens may leave no descriptor for the others.
    this.#relieve();
    const succession = await this.#service.serve(predecessor);
    this.#writePidFile();
    this.#handover.inherit(succession);
    void this.#notify.ready(this.#service.status);
    this.#notify.watch(() => this.#service.alive());
    if (await this.#service.isEmpty()) {
      this.#log.info(firstStep(this.#service.config.listenAddress));
    }
  }

  /** Stops in the opposite order, so that nothing recorded is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The daemon is stopping"));
    this.#service?.halt();
    await this.#changes.idle();
    await this.#handover.settled();
    await this.#resources.disposeAsync();
  }

  async #firstConfig(): Promise<Config> {
    const { config, warnings, file } = await this.#readConfig();
    this.#configured = file !== null;
    this.#log.info(file === null ? "Configuration: no file" : `Configuration: "${file}"`);
    for (const warning of warnings) this.#log.warn(warning);
    for (const warning of await checkDaemonPermissions(config, this.#process.environment.PATH)) {
      this.#log.warn(warning);
    }
    this.#logFile.setMode(config.logMode);
    if (Deno.build.os === "linux" && !Deno.build.standalone) {
      for (const sentence of missingForUpgrade(this.#process)) this.#log.info(sentence);
    }
    return config;
  }

  get #service(): Service {
    return this.#services.current;
  }

  #readConfig(): ReturnType<typeof readDaemonConfig> {
    return readDaemonConfig(this.#options, this.#process.environment);
  }

  get #pidFile(): string {
    const { environment } = this.#process;
    return this.#options.pidFile ?? defaultPidFile({ get: (name) => environment[name] });
  }

  #exportedMetrics(): Disposable | null {
    return exportMetrics({
      version: VERSION,
      families: () => this.#service.metricFamilies(),
      failed: (error) => this.#log.error(`Cannot export the metrics: ${messageOf(error)}`),
    });
  }

  #writePidFile(): void {
    const named = this.#options.pidFile !== null;
    const options = { pid: Deno.pid, named, log: this.#log };
    this.#resources.use(writePidFile(this.#pidFile, options));
  }

  #createService(config: Config): Service {
    return new Service({
      config,
      environment: this.#process.environment,
      configured: this.#configured,
      scheduled: this.#options.monitor,
      geo: this.#geo.databases,
      geoip: this.#geo,
      tracing: this.#tracing,
      downloadLog: this.#downloadLog,
      totals: this.#totals,
      metricsFacts: async () => ({
        databases: this.#geo.databases.loaded,
        descriptors: await this.#steering.descriptors(),
        lag: this.#lag.take(),
        now: systemClock.now(),
        started: this.#started,
      }),
      process: { reload: () => this.#reload(), upgrade: () => this.#handover.upgrade() },
      steering: this.#steering,
      pressure: this.#pressure,
      log: this.#log,
    });
  }

  /** Has connections that nobody uses end when there are too few file descriptors. */
  #relieve(): void {
    const relief = new Relief({
      pressure: this.#pressure,
      counter: this.#steering,
      renew: [
        (time) => this.#service.renew(time),
        (time) => this.#control.renew(time),
        (time) => this.#metrics.renew(time),
      ],
      warn: (message) => this.#log.warn(message),
      every: systemClock.every,
    });
    this.#resources.use(relief);
    void relief.start();
  }

  /**
   * Reads the configuration again and puts it into force.
   *
   * @throws ConfigError, or Error when a new address or store cannot be used; then nothing changed
   */
  #reload(): Promise<{ warnings: readonly string[] }> {
    return this.#exclusively(async () => {
      void this.#notify.reloading();
      using _told = { [Symbol.dispose]: () => void this.#notify.ready(this.#service.status) };
      const { config, warnings: found } = await this.#readConfig();
      const denied = await checkDaemonPermissions(config, this.#process.environment.PATH);
      // Who left an address has to be gone from it before others come.
      await this.#handover.settled();
      await this.#services.put(config);
      const warnings = [...found, ...denied, ...await this.#service.ruleWarnings()];
      this.#logFile.setMode(config.logMode);
      await this.#downloadLog.move(config.logDir);
      await this.#geo.refresh();
      this.#geo.configured();
      for (const warning of warnings) this.#log.warn(warning);
      this.#log.info("Configuration reloaded");
      return { warnings };
    }).catch((error) => {
      this.#log.error(`The configuration stays as it was: ${messageOf(error)}`);
      throw error;
    });
  }

  async #reopenLogs(): Promise<void> {
    this.#logFile.reopen();
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
