import type { Config } from "../config/config.ts";
import type { ControlSide, ControlSideOptions } from "./control_side.ts";
import type { HttpHealth } from "../control/health_service.ts";
import type { ControlApp } from "../control/server.ts";
import type { LoadedDatabases } from "../geoip/load_databases.ts";
import type { Predecessor } from "../http/threads/service.ts";
import type { HttpThreads } from "../http/threads/threads.ts";
import type { ControlMessage } from "../http/threads/messages.ts";
import type { Cutter, Steering } from "../http/threads/steering.ts";
import type { Succession } from "../http/threads/succession.ts";
import type { MetricsFacts } from "./metric_families.ts";
import type { DownloadLogPlace } from "../stats/download_log_place.ts";
import type { Pressure } from "../process/pressure.ts";
import type { MetricFamily } from "../stats/metrics/metric_family.ts";
import type { MetricsText } from "../stats/metrics/write_metrics.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";
import type { RequestTotals } from "../stats/request_totals.ts";
import type { MaybePromise } from "../store/store_reader.ts";
import { storePlace } from "../config/store_place.ts";
import { mirrorHosts } from "../control/mirror_hosts.ts";
import { ProxyHint } from "../http/threads/proxy_hint.ts";
import { createHttpFront, httpServiceOf } from "./http_front.ts";
import { openStore } from "./open_store.ts";
import { prefersOpenMetrics } from "../stats/metrics/prefers_open_metrics.ts";

/** Milliseconds in which a thread has to show a sign of life. */
const PATIENCE = 1_000;

/** What a {@linkcode Service} works with. */
export interface ServiceOptions
  extends Omit<ControlSideOptions, "store" | "config" | "send" | "http" | "metrics"> {
  /** What it starts with. */
  readonly config: Config;
  /** Whether it comes from a file, which may be one of the original. */
  readonly configured: boolean;
  /** Adds up what is answered. */
  readonly totals: RequestTotals;
  /** What the process knows for the metrics, and the services do not. */
  readonly metricsFacts: () => Promise<
    Pick<MetricsFacts, "databases" | "descriptors" | "lag" | "now" | "started">
  >;
  /** Takes in lines for the download log. */
  readonly downloadLog: Pick<DownloadLogPlace, "append">;
  /** Decides which threads and processes get new connections. */
  readonly steering: Steering & Cutter;
  /** Takes in what HTTP threads could not accept. */
  readonly pressure: Pressure;
}

/**
 * The server as one configuration makes it: the HTTP threads that answer requests, and the control
 * side that works on the store. Whatever outlives a configuration (signals, logs, the GeoIP databases,
 * the control API's port) belongs to the daemon.
 */
export class Service implements AsyncDisposable {
  readonly #options: ServiceOptions;
  readonly #http: HttpThreads<LoadedDatabases>;
  readonly #opened = Promise.withResolvers<void>();
  readonly #proxyHint: ProxyHint;
  #config: Config;
  #side: ControlSide | null = null;
  /** What was recorded while there is no control side. */
  readonly #waiting: { readonly recorded: RecordedAnswers; readonly taken: () => void }[] = [];
  /** Takes in what is recorded when another process has the store. */
  #heir: ((recorded: RecordedAnswers) => MaybePromise<void>) | null = null;

  /** Starts nothing yet. */
  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#proxyHint = new ProxyHint(options.log);
    this.#http = createHttpFront({
      ...options,
      storeOpen: this.#opened.promise,
      recorded: (recorded) => this.record(recorded),
      tallied: (tallied) => options.totals.addTallied(tallied),
      forwarded: (forwarded) => this.#proxyHint.add(forwarded),
      wanted: (paths) => this.#side?.want(paths),
    });
  }

  /** The configuration in force. */
  get config(): Config {
    return this.#config;
  }

  /** What it does, in one line for people. */
  get status(): string {
    return `Listening on ${this.#http.address} with ${this.#http.size} threads`;
  }

  /** What somebody who takes over has to know; `null` before {@linkcode serve}. */
  get place(): Predecessor | null {
    return this.#http.place;
  }

  /** Answers the control API; `null` before {@linkcode open}. */
  get app(): ControlApp | null {
    return this.#side?.app ?? null;
  }

  /** Tells every HTTP thread, also those that are started later. */
  broadcast(message: ControlMessage<LoadedDatabases>): void {
    this.#http.broadcast(message);
  }

  /**
   * Opens the store and starts everything but the answering of requests.
   *
   * @throws StoreUnavailableError
   */
  async open(): Promise<void> {
    // They load while the store is opened, and open it after that.
    this.#http.prepare(httpServiceOf(this.#config));
    const loading = import("./control_side.ts");
    const { configured } = this.#options;
    const log = this.#http.logView();
    const store = await openStore(storePlace(this.#config), { configured, log })
      .finally(() => this.#opened.resolve());
    const { ControlSide } = await loading;
    this.#side = new ControlSide({
      ...this.#options,
      store,
      config: () => this.#config,
      send: (message) => this.#http.broadcast(message),
      http: () => this.#httpHealth(),
      metrics: (accept) => this.metrics(accept),
    });
    this.#recordWaiting();
    await this.#side.start();
  }

  /**
   * Counts and logs what an HTTP thread recorded, also one of the process before this.
   *
   * @returns when it was taken in
   */
  record(recorded: RecordedAnswers): MaybePromise<void> {
    if (this.#heir !== null) return this.#heir(recorded);
    if (this.#side === null) {
      const { promise, resolve: taken } = Promise.withResolvers<void>();
      this.#waiting.push({ recorded, taken });
      return promise;
    }
    this.#options.totals.add(recorded);
    this.#options.downloadLog.append(recorded);
    this.#side.record(recorded);
  }

  /**
   * Answers requests in the way of the configuration.
   *
   * @param predecessor who answers them now and will leave; default: nobody
   * @returns what there is still to do where a predecessor listens on the same address
   * @throws Error when the address cannot be used
   */
  async serve(predecessor: Predecessor | null = null): Promise<Succession | null> {
    const succession = await this.#http.serve({ ...httpServiceOf(this.#config), predecessor });
    // Scans had taken time from the start.
    this.#side?.schedule();
    return succession;
  }

  /**
   * Closes the store and all that works on it, and goes on to answer requests. What is recorded waits
   * until somebody has a store again: here after {@linkcode open}, or elsewhere.
   */
  async suspend(): Promise<void> {
    const side = this.#side;
    this.#side = null;
    await side?.[Symbol.asyncDispose]();
  }

  /** Undoes {@linkcode suspend} and {@linkcode leave}. */
  async resume(): Promise<void> {
    this.#heir = null;
    await this.#http.stay();
    await this.open();
    this.#side?.schedule();
    // Nobody told what changed meanwhile.
    this.#http.broadcast({ type: "everything" });
  }

  /** Gives away what was recorded since {@linkcode suspend}, and from now on. */
  bequeath(heir: (recorded: RecordedAnswers) => MaybePromise<void>): void {
    this.#heir = heir;
    this.#recordWaiting();
  }

  /**
   * Ends each connection with its next answer from now on.
   *
   * @param most milliseconds to wait at most
   * @returns when nobody asks any more, or the time is over
   */
  async leave(most: number): Promise<void> {
    await this.#http.leave(most);
  }

  /** See {@linkcode HttpThreads.renew}. */
  async renew(time: number): Promise<void> {
    await this.#http.renew(time);
  }

  /**
   * Puts another configuration into force whose store is the same.
   *
   * @throws Error when the address cannot be used; then nothing changed
   */
  async reconfigure(config: Config): Promise<void> {
    await this.#http.serve(httpServiceOf(config));
    if (!trustsAlike(this.#config, config)) this.#proxyHint.reset();
    this.#config = config;
    this.#http.broadcast({ type: "configuration", config });
    this.#side?.configured();
  }

  /**
   * Writes the metrics of the process.
   *
   * @param accept header of whoever asks; `null`: none
   */
  async metrics(accept: string | null): Promise<MetricsText> {
    const [{ writeMetrics }, families] = await Promise.all([
      import("../stats/metrics/write_metrics.ts"),
      this.metricFamilies(),
    ]);
    return await writeMetrics(families, prefersOpenMetrics(accept));
  }

  /** The metrics of the process, as they are now. */
  async metricFamilies(): Promise<readonly MetricFamily[]> {
    const { totals, metricsFacts } = this.#options;
    // Nearly nobody asks for them at first, and the start does not wait for what makes them.
    const [{ metricFamilies }, http, control, facts] = await Promise.all([
      import("./metric_families.ts"),
      this.#http.measure(PATIENCE),
      this.#side?.metrics() ?? null,
      metricsFacts(),
    ]);
    if (control?.mirrors) totals.keep(new Set(control.mirrors.map(({ id }) => id)));
    const { restarts } = this.#http;
    return metricFamilies({ config: this.#config, totals, control, http, restarts, ...facts });
  }

  /** @returns whether every thread that answers requests shows a sign of life, in a second */
  async alive(): Promise<boolean> {
    return await this.#http.alive(PATIENCE);
  }

  /** @throws Error when the store does not answer */
  requireStore(): void {
    const store = this.#side?.store;
    if (store?.available) return;
    throw new Error(`Cannot use the store ${store?.description}: it does not answer`);
  }

  /**
   * Waits until it is known what is in the repository, where this node finds that out.
   *
   * @param patience milliseconds to wait at most
   */
  async ready(patience: number): Promise<void> {
    if (!this.#options.scheduled) return;
    this.#side?.schedule();
    await this.#side?.ready(patience);
  }

  /** What is written in the rules and means nobody; nothing while the store is away. */
  async ruleWarnings(): Promise<string[]> {
    return await this.#side?.choices.warnings().catch(() => []) ?? [];
  }

  /** Has load balancers told to send requests elsewhere. */
  refuse(): void {
    this.#side?.refuse();
  }

  /** Hosts that health checks and scans connect to, as far as the store tells. */
  async mirrorHosts(): Promise<string[]> {
    const mirrors = await this.#side?.store.mirrors().catch(() => []) ?? [];
    return mirrors.flatMap(mirrorHosts);
  }

  /** Whether the store is known to have no mirrors yet. */
  async isEmpty(): Promise<boolean> {
    const mirrors = await this.#side?.store.mirrors().catch(() => null);
    return mirrors?.length === 0;
  }

  /** Begins to end whatever takes long, except requests. */
  halt(): void {
    this.#side?.halt();
  }

  /** Lets running requests finish while everything is there, and closes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.halt();
    this.#opened.resolve();
    await this.#http[Symbol.asyncDispose]();
    await this.#side?.[Symbol.asyncDispose]();
    this.#side = null;
  }

  #recordWaiting(): void {
    for (const { recorded, taken } of this.#waiting.splice(0)) {
      const recording = this.record(recorded);
      if (recording instanceof Promise) void recording.then(taken, taken);
      else taken();
    }
  }

  async #httpHealth(): Promise<HttpHealth> {
    const { address, size: threads } = this.#http;
    return { address, threads, alive: await this.alive(), hint: this.#proxyHint.text };
  }
}

/** Whether two configurations believe the same proxies the same. */
function trustsAlike(one: Config, other: Config): boolean {
  const facts = ({ trustedProxies, forwardedHeader }: Config): string =>
    JSON.stringify([trustedProxies, forwardedHeader]);
  return facts(one) === facts(other);
}
