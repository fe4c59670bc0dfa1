import { dirname } from "node:path";
import type { Config } from "../config/config.ts";
import { storePlace } from "../config/store_place.ts";
import type { ControlServices } from "../control/control_services.ts";
import { healthOf, type HttpHealth } from "../control/health_service.ts";
import { MirrorMemory, type RememberedMirrors } from "../control/mirror_memory.ts";
import { Readiness } from "../control/readiness.ts";
import { type ControlApp, createControlApp } from "../control/server.ts";
import { versionInfo } from "../control/version_info.ts";
import type { GeoResolver } from "../geoip/resolver.ts";
import { Explainer } from "../http/answer/explainer.ts";
import type { ControlMessage } from "../http/threads/messages.ts";
import type { Log } from "../log/log.ts";
import type { Tracing } from "../log/tracing.ts";
import { ClusterMembership } from "../monitor/cluster.ts";
import { hostname } from "../process/hostname.ts";
import { DEFAULT_PATH } from "../process/is_installed.ts";
import type { Pressure } from "../process/pressure.ts";
import { hashWishes } from "../scan/hash_wishes.ts";
import { prunePieces } from "../scan/prune_pieces.ts";
import { CounterBuffer } from "../stats/counter_buffer.ts";
import { measuredStore } from "../stats/measured_store.ts";
import { QuotaWatch } from "../stats/quota_watch.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";
import { TotalTimes } from "../stats/total_times.ts";
import { SqliteJournal } from "../store/sqlite/sqlite_journal.ts";
import type { Store } from "../store/store.ts";
import { VERSION } from "../version.ts";
import type { GeoService } from "./geo_side.ts";
import { startGoneSweep } from "./gone_sweep.ts";
import { HttpNews } from "./http_news.ts";
import type { ControlFacts } from "./metric_families.ts";
import { addressesOf } from "./mirror_access.ts";
import { nodesOf } from "./nodes.ts";
import { NotifySide } from "./notify_side.ts";
import { openClient } from "./open_client.ts";
import { PieceBacklog } from "./piece_backlog.ts";
import { recordQuotaMark } from "./quota_marks.ts";
import { newSalt } from "./random_bytes.ts";
import { ScanSide } from "./scan_side.ts";
import { startStatsPruning } from "./stats_pruning.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode ControlSide} works with. */
export interface ControlSideOptions {
  /** Opened; the control side closes it. */
  readonly store: Store;
  /** The configuration in force now; its store is this one. */
  readonly config: () => Config;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether this node scans and checks mirrors on schedule. */
  readonly scheduled: boolean;
  readonly geo: GeoResolver;
  /** The databases behind it. */
  readonly geoip: GeoService;
  /** Told what takes how long; `null`: nobody wants to know. */
  readonly tracing: Tracing | null;
  /** Tells every HTTP thread. */
  readonly send: (message: ControlMessage<never>) => void;
  /** What the control API does that concerns more than the store. */
  readonly process: Pick<ControlServices, "reload" | "upgrade">;
  /** Whether the process is short of file descriptors. */
  readonly pressure: Pick<Pressure, "high" | "failed">;
  /** How the HTTP threads are. */
  readonly http: () => Promise<HttpHealth>;
  /** Writes the metrics of the process. */
  readonly metrics: ControlServices["metrics"];
  readonly log: Log;
}

/**
 * Everything of the control thread that works on one store: counters, the feed of the HTTP threads,
 * scans and health checks, cluster membership, the control API. Nothing of it answers requests, so it
 * can go and another one take its place while the HTTP threads serve on.
 */
export class ControlSide implements AsyncDisposable {
  /** Answers the control API. */
  readonly app: ControlApp;
  /** Tells how requests are decided. */
  readonly choices: Explainer;
  readonly #options: ControlSideOptions;
  readonly #resources = new AsyncDisposableStack();
  readonly #stop = new AbortController();
  readonly #memory = new MirrorMemory(systemClock.now);
  readonly #backlog: PieceBacklog;
  readonly #counters: CounterBuffer;
  readonly #readiness: Readiness;
  readonly #quotas: QuotaWatch;
  readonly #cluster: ClusterMembership | null;
  readonly #notify: NotifySide;
  readonly #scans: ScanSide;
  readonly #news: HttpNews;
  readonly #storeTimes = new TotalTimes();
  #storeErrors = 0;
  #scheduled = false;

  /** Counts and can be asked from now on; nothing runs on schedule yet. */
  constructor(given: ControlSideOptions) {
    const measured = measuredStore(given.store, systemClock.elapsed, (time, failed) => {
      this.#storeTimes.addOne(time);
      if (failed) this.#storeErrors++;
    }, given.tracing);
    const options = this.#options = { ...given, store: measured };
    const { store, config, environment, log, scheduled, send } = options;
    const { signal } = this.#stop;
    this.#resources.use(store);
    this.#backlog = this.#resources.use(
      new PieceBacklog({ store, config, log, signal, sourceScan: () => this.#scans.sourceScan() }),
    );
    this.#counters = this.#resources.use(
      new CounterBuffer({
        ...{ store, log, clock: systemClock },
        sameDownloadInterval: () => config().sameDownloadInterval,
        journal: storePlace(config()).type === "redis"
          ? new SqliteJournal(`${dirname(config().databasePath)}/counters-journal.db`)
          : null,
      }),
    );
    this.#readiness = new Readiness({
      ...{ store, clock: systemClock },
      changed: () => this.#news.tellTrouble(),
    });
    this.#quotas = new QuotaWatch({
      ...{ store, log, clock: systemClock },
      changed: (factors) => send({ type: "quotas", factors }),
      reached: (mirror, event) => {
        if (!scheduled) return;
        const cluster = this.#cluster;
        void recordQuotaMark(mirror, event, { store, cluster, log, now: systemClock.now });
      },
    });
    this.choices = new Explainer({
      mirrors: () => store.mirrors(),
      lookup: (path) => store.lookup(path),
      config,
      geo: options.geo,
      quotas: () => this.#quotas.factors,
      asked: (path) => this.#scans.tree.known(path),
      salt: () => store.notes.salt(newSalt()),
      sets: () => this.#scans.sets.judged(),
      notes: (kind) => store.notes.all(kind),
      now: systemClock.now,
    });
    const cluster = this.#cluster = this.#joinCluster();
    this.#notify = this.#createNotifySide();
    this.#scans = this.#resources.use(
      new ScanSide({
        ...{ store, config, environment, cluster, send, log, signal, scheduled },
        tracing: options.tracing,
        pressure: options.pressure,
        watchSource: (scan) => this.#notify.watchSource(scan),
        onSourceScanned: () => {
          this.#readiness.sourceScanned();
          if (scheduled) this.#backlog.start();
        },
      }),
    );
    this.#news = new HttpNews({
      ...{ store, config, send, log, signal },
      memory: this.#memory,
      onSetNotes: (change) => this.#scans.sets.take(change),
      trouble: () => this.#readiness.trouble,
    });
    this.app = this.#createApp();
  }

  /**
   * Begins to tell the HTTP threads.
   *
   * @returns when they know the mirrors, or the store does not answer yet
   */
  async start(): Promise<void> {
    const { signal } = this.#stop;
    this.#scans.sets.configured();
    this.#scans.tree.start();
    await this.#news.start();
    const watch = this.#quotas.run(signal);
    this.#resources.defer(() => watch);
    await this.#readiness.start(signal);
  }

  /** The configuration is another one. */
  configured(): void {
    this.#scans.sets.configured();
    this.#news.configured();
  }

  /** What it knows for the metrics. */
  async metrics(): Promise<ControlFacts> {
    const { store, config, scheduled } = this.#options;
    const { monitor, work, sourceWork } = this.#scans;
    const mirrors = this.#memory.recall()?.mirrors ?? null;
    const ids = mirrors?.map(({ id }) => id) ?? null;
    if (ids !== null) work.keep(new Set(ids));
    const [files, waiting] = await Promise.all([
      store.countFiles().catch(() => null),
      config().notify.length === 0 ? [] : store.messages.waiting().catch(() => null),
    ]);
    return {
      ...{ mirrors, work, ratios: this.#quotas.ratios },
      source: {
        files,
        bytes: sourceWork.last?.bytes ?? null,
        scanSeconds: sourceWork.last?.seconds ?? null,
        lastScan: this.#readiness.lastScan,
        queueBytes: sourceWork.unhashed,
      },
      store: {
        store: storePlace(config()).type,
        up: store.available,
        times: this.#storeTimes,
        failed: this.#storeErrors,
      },
      counterQueue: this.#counters.waiting,
      notifyQueue: waiting?.length ?? null,
      nodes: this.#cluster?.nodes().length ?? 1,
      ownMirrors: ids === null || !scheduled ? null : ids.filter((id) => monitor.isMine(id)).length,
    };
  }

  /** Begins to scan and check on schedule, where this node does so. */
  schedule(): void {
    const { scheduled } = this.#options;
    const { signal } = this.#stop;
    if (this.#scheduled || !scheduled || signal.aborted) return;
    this.#scheduled = true;
    this.#resources.use(startGoneSweep(this.#options));
    this.#resources.use(startStatsPruning({ ...this.#options, clock: systemClock }));
    this.#scans.sets.start();
    this.#scans.release.start();
    const running = this.#scans.monitor.run();
    this.#resources.defer(() => running);
    const telling = this.#notify.run(signal);
    this.#resources.defer(() => telling);
  }

  /** The store that it works on. */
  get store(): Store {
    return this.#options.store;
  }

  /** Counts what an HTTP thread recorded. */
  record(recorded: RecordedAnswers): void {
    this.#counters.add(recorded);
    this.#notify.answered(recorded.answers);
    this.#scans.verifier.take(recorded.large ?? []);
  }

  /** Finds out whether mirrors that are never scanned have files. */
  want(paths: readonly string[]): void {
    this.#scans.tree.want(paths);
  }

  /** Waits until it is known what is in the repository. @param patience milliseconds, at most */
  async ready(patience: number): Promise<void> {
    await this.#readiness.wait(patience);
  }

  /** Tells that requests had better go elsewhere from now on. */
  refuse(): void {
    this.#readiness.stop();
  }

  /** Begins to end whatever takes long: scans, checks, watching the store. */
  halt(): void {
    this.#stop.abort(new DOMException("The daemon is stopping", "AbortError"));
  }

  /** Ends everything, in an order in which nothing recorded is lost, and closes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.halt();
    await this.#resources.disposeAsync();
  }

  #createApp(): ControlApp {
    const { store, config, geo, geoip, http, log } = this.#options;
    const remembered = (): RememberedMirrors | null => this.#memory.recall();
    return createControlApp({
      store,
      scans: this.#scans.monitor,
      geo,
      geoip,
      resolveHost: addressesOf,
      ...this.#options.process,
      choices: this.choices,
      nodes: async () => nodesOf(await store.mirrors(), this.#cluster, hostname()),
      checkUrl: (url, until) => this.#scans.checkUrl(url, until),
      testNotify: (receiver) => this.#notify.test(receiver),
      metrics: this.#options.metrics,
      version: versionInfo(VERSION),
      health: () =>
        healthOf({
          ...{ store, readiness: this.#readiness, http, config, remembered },
          noRoute: () => this.#scans.noRoute(),
          originals: () => this.#cluster?.originals() ?? [],
          pieces: () => this.#backlog.progress,
          geoip: () => geoip.health(),
          now: systemClock.now,
        }),
      remembered,
      sets: () => this.#scans.sets.judged(),
      rollout: (path, watch) => this.#scans.release.rollout(path, watch),
      differences: (mirror, query) => this.#scans.differences(mirror, query),
      prunePieces: () => prunePieces(store, hashWishes(config()).pieces ?? null),
      config,
      ...systemClock,
      log,
    });
  }

  /** Messages to people and programs. */
  #createNotifySide(): NotifySide {
    const { store, config, environment, log } = this.#options;
    return this.#resources.use(
      new NotifySide({
        ...{ store, config, log, clock: systemClock, cluster: this.#cluster },
        hostname: hostname(),
        path: environment.PATH || DEFAULT_PATH,
        client: openClient({ environment, log }),
        quotas: () => this.#quotas.uses,
        signal: this.#stop.signal,
      }),
    );
  }

  #joinCluster(): ClusterMembership | null {
    const { store, config, scheduled } = this.#options;
    if (store.cluster === null || !scheduled) return null;
    const membership = new ClusterMembership({
      channel: store.cluster,
      database: config().redisDb,
      hostname: hostname(),
      clock: systemClock,
      random: Math.random,
    });
    const running = membership.run(this.#stop.signal);
    this.#resources.defer(() => running);
    return membership;
  }
}
