import { lookup } from "node:dns/promises";
import { dirname } from "node:path";
import { type AddressFamily, familyName } from "../catalog/families.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { Config } from "../config/config.ts";
import { requirePermission } from "../config/require_permission.ts";
import { keepRemovedOf } from "../config/keep_removed.ts";
import { storePlace } from "../config/store_place.ts";
import type { ControlServices } from "../control/control_handlers.ts";
import type { NodesJson } from "../control/api/node_schemas.ts";
import { type ControlApp, createControlApp } from "../control/server.ts";
import { versionInfo } from "../control/version_info.ts";
import type { GeoResolver } from "../geoip/resolver.ts";
import type { HealthJson } from "../control/api/daemon_schemas.ts";
import { healthOf, type HttpHealth } from "../control/health_service.ts";
import { MirrorMemory, type RememberedMirrors } from "../control/mirror_memory.ts";
import { Readiness } from "../control/readiness.ts";
import { hostname } from "../process/hostname.ts";
import { Explainer } from "../http/answer/explainer.ts";
import { HttpFeed } from "../http/threads/feed.ts";
import type { ControlMessage } from "../http/threads/messages.ts";
import { ClusterMembership } from "../monitor/cluster.ts";
import { followRedirects, type RedirectRule } from "../monitor/follow_redirects.ts";
import { FamilyRoutes } from "../monitor/family_routes.ts";
import { isSelfSigned } from "../monitor/is_self_signed.ts";
import { certificateEnd } from "../monitor/certificate_end.ts";
import { checkCertificate } from "../monitor/check_certificate.ts";
import { checkHealth } from "../monitor/health_check.ts";
import { createMonitorHttpClient, type MonitorHttpClient } from "../monitor/http_client.ts";
import { mirrorsOfNode } from "../monitor/mirrors_of_node.ts";
import { Monitor } from "../monitor/monitor.ts";
import type { Pressure } from "../process/pressure.ts";
import type { Log } from "../log/log.ts";
import { createListers } from "./listers.ts";
import { DEFAULT_PATH } from "../process/default_path.ts";
import { messageOf } from "../log/message_of.ts";
import type { ScanMemory } from "../scan/http/scan_memory.ts";
import { scanMirror } from "../scan/mirror_scan.ts";
import { prunePieces } from "../scan/prune_pieces.ts";
import { RevisionKeeper } from "../scan/revision_keeper.ts";
import { sweepGone } from "../scan/gone_files.ts";
import { hashWishes } from "../scan/hash_wishes.ts";
import { SourceFollower } from "../scan/source_follower.ts";
import { SourceListing } from "../scan/source_listing.ts";
import { scanSource } from "../scan/source_scan.ts";
import { CounterBuffer } from "../stats/counter_buffer.ts";
import { type QuotaEvent, QuotaWatch } from "../stats/quota_watch.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";
import { NoteWatch } from "../store/cache/note_watch.ts";
import { SqliteJournal } from "../store/sqlite/sqlite_journal.ts";
import type { Store } from "../store/store.ts";
import { VERSION } from "../version.ts";
import { NotifySide } from "./notify_side.ts";
import { SetsSide } from "./sets_side.ts";
import { systemClock } from "./system_clock.ts";

/** Milliseconds between two looks at which files are gone long enough. */
const SWEEP = 60_000;

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
  /** Tells every HTTP thread. */
  readonly send: (message: ControlMessage<never>) => void;
  /** What the control API does that concerns more than the store. */
  readonly process: Pick<ControlServices, "reload" | "upgrade">;
  /** Whether the process is short of file descriptors. */
  readonly pressure: Pick<Pressure, "high" | "failed">;
  /** How the HTTP threads are. */
  readonly http: () => Promise<HttpHealth>;
  readonly log: Log;
}

/** Milliseconds after which it is looked again whether nobody else hashes pieces any more. */
const BACKLOG_RETRY = 15_000;

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
  /** The scan of the source that began last; it never fails. */
  #sourceScan: Promise<void> = Promise.resolve();
  /** The pieces that are being hashed; `null`: none are. */
  #backlog: Promise<void> | null = null;
  /** How far that is. */
  #pieces: HealthJson["pieces"] = null;
  readonly #counters: CounterBuffer;
  readonly #monitor: Monitor;
  #sets!: SetsSide;
  readonly #readiness: Readiness;
  readonly #quotas: QuotaWatch;
  readonly #cluster: ClusterMembership | null;
  readonly #notify: NotifySide;
  readonly #memory = new MirrorMemory(systemClock.now);
  /** Over which kinds of addresses this machine reaches anything. */
  readonly #routes = new FamilyRoutes();
  #scheduled = false;

  /** Counts and can be asked from now on; nothing runs on schedule yet. */
  constructor(options: ControlSideOptions) {
    this.#options = options;
    const { store, config, log } = options;
    this.#resources.use(store);
    this.#resources.defer(() => this.#backlog ?? Promise.resolve());
    this.#counters = this.#resources.use(
      new CounterBuffer({
        store,
        log,
        clock: systemClock,
        sameDownloadInterval: () => config().sameDownloadInterval,
        journal: storePlace(config()).type === "redis"
          ? new SqliteJournal(`${dirname(config().databasePath)}/counters-journal.db`)
          : null,
      }),
    );
    this.#readiness = new Readiness({
      store,
      changed: () => this.#tellTrouble(),
      clock: systemClock,
    });
    this.#quotas = new QuotaWatch({
      ...{ store, log, clock: systemClock },
      changed: (factors) => options.send({ type: "quotas", factors }),
      reached: (mirror, event) => void this.#quotaReached(mirror, event),
    });
    this.choices = new Explainer({
      mirrors: () => store.mirrors(),
      lookup: (path) => store.lookup(path),
      config,
      geo: options.geo,
      quotas: () => this.#quotas.factors,
    });
    this.#cluster = this.#joinCluster();
    this.#notify = this.#createNotifySide();
    this.#monitor = this.#createMonitor();
    const remembered = (): RememberedMirrors | null => this.#memory.recall();
    this.app = createControlApp({
      store,
      scans: this.#monitor,
      geo: options.geo,
      resolveHost: addressesOf,
      ...options.process,
      choices: this.choices,
      nodes: () => this.#nodes(),
      testNotify: (receiver) => this.#notify.test(receiver),
      version: versionInfo(VERSION),
      health: () =>
        healthOf({
          ...{ store, readiness: this.#readiness, http: options.http, config, remembered },
          noRoute: () => this.#routes.missing.map(familyName),
          pieces: () => this.#pieces,
          now: systemClock.now,
        }),
      remembered,
      sets: () => this.#sets.judged(),
      prunePieces: () => prunePieces(store, hashWishes(config()).pieces ?? null),
      config,
      ...systemClock,
      log,
    });
  }

  /**
   * Begins to tell the HTTP threads.
   *
   * @returns when they know the mirrors, or the store does not answer yet
   */
  async start(): Promise<void> {
    const { store, send, log } = this.#options;
    store.watch((change) => {
      if (change.type === "availability") this.#memory.note(change);
      if (change.type === "condition" || change.type === "availability") this.#tellTrouble();
    }, this.#stop.signal);
    const feed = new HttpFeed({
      ...{ store, log, clock: systemClock },
      checkInterval: () => this.#options.config().checkInterval,
      send: (message) => {
        if (isMirrorNews(message)) this.#memory.note(message);
        send(message);
      },
    });
    await feed.start(this.#stop.signal);
    await this.#feedNotes();
    const watch = this.#quotas.run(this.#stop.signal);
    this.#resources.defer(() => watch);
    await this.#readiness.start(this.#stop.signal);
  }

  /** Tells the HTTP threads what they have to know of notes, and the salt that all nodes draw by. */
  async #feedNotes(): Promise<void> {
    const { store, send, log } = this.#options;
    const { signal } = this.#stop;
    const failed = (error: unknown): void =>
      log.debug(`Cannot read the notes: ${messageOf(error)}`);
    store.watch((change) => {
      if (change.type === "availability" && change.available) void this.#tellSalt();
    }, signal);
    const watch = new NoteWatch({
      store,
      kinds: ["gone", "set", "set_mirror", "require"],
      failed,
      changed: (change) => {
        if (change.kind !== "gone") {
          this.#sets.take(change);
          return send({ type: "notes", ...change });
        }
        // Threads read the rest where somebody asks for it.
        const put = new Map([...change.put.keys()].map((path) => [path, ""]));
        send({ type: "notes", ...change, put });
      },
    });
    this.#sets.configured();
    await Promise.all([this.#tellSalt(), watch.start(signal)]);
  }

  /** Tells the HTTP threads the salt, where they draw by it; it is made when it is first needed. */
  async #tellSalt(): Promise<void> {
    const { store, config, send, log } = this.#options;
    if (!drawsByAddress(config())) return;
    try {
      const bytes = crypto.getRandomValues(new Uint8Array(8));
      send({ type: "salt", salt: await store.notes.salt(hexOf(bytes)) });
    } catch (error) {
      log.debug(`Cannot read the salt: ${messageOf(error)}`);
    }
  }

  /** The configuration is another one. */
  configured(): void {
    this.#sets.configured();
    void this.#tellSalt();
  }

  /** Forgets files that left the repository long ago, once a minute. */
  #sweepGone(): void {
    const { store, config, log } = this.#options;
    let running = false;
    const timer = systemClock.every(SWEEP, async () => {
      if (running || !store.available) return;
      running = true;
      try {
        await sweepGone(store.notes, keepRemovedOf(config()), systemClock.now());
      } catch (error) {
        log.debug(`Cannot forget files that are gone: ${messageOf(error)}`);
      } finally {
        running = false;
      }
    });
    this.#resources.use(timer);
  }

  /** Begins to scan and check on schedule, where this node does so. */
  schedule(): void {
    if (this.#scheduled || !this.#options.scheduled || this.#stop.signal.aborted) return;
    this.#scheduled = true;
    this.#sweepGone();
    this.#sets.start();
    const running = this.#monitor.run();
    this.#resources.defer(() => running);
    const telling = this.#notify.run(this.#stop.signal);
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

  /** Tells the HTTP threads what is in the way, or wrong though they answer. */
  #tellTrouble(): void {
    const { store, send } = this.#options;
    const { away } = this.#memory;
    send({ type: "trouble", trouble: this.#readiness.trouble, but: store.trouble, away });
  }

  /** Health checks and scans. */
  #createMonitor(): Monitor {
    const { store, config, environment, send, log } = this.#options;
    const { signal } = this.#stop;
    const pressure = (): boolean => this.#options.pressure.high;
    const { every, now, timeout } = systemClock;
    const common = { store, log, clock: systemClock, now, random: Math.random };
    const kept = new RevisionKeeper({
      store,
      days: () => config().metalinkAlternates,
      now: systemClock.now,
    });
    const client = this.#monitorClient();
    const clients = ([4, 6] as const).map((family) => ({
      family,
      fetch: this.#resources.use(this.#createClient(null, 0, family)).fetch,
    }));
    const { certificates } = client();
    const source = new SourceListing(store, signal);
    const memories = new Map<number, ScanMemory>();
    const openClient = (connections: number): MonitorHttpClient =>
      this.#createClient(config().checkProxy, connections);
    const redirectRule = (): Omit<RedirectRule, "redirects"> => ({
      fetch: client().fetch,
      resolve: addressesOf,
      proxied: config().checkProxy !== null,
    });
    const sets = this.#sets = this.#resources.use(
      new SetsSide({
        ...{ store, config, log, signal },
        isMine: (id) => this.#monitor.isMine(id),
        scanSoon: (id) => this.#monitor.scanMirrorSoon(id),
        fetch: (mirror, url, init) => {
          const redirects = mirror.allowRedirects ?? !config().disallowRedirects;
          return followRedirects(url, init, { ...redirectRule(), redirects });
        },
        listers: (mirror) =>
          createListers({
            ...{ environment, certificates, mirror, openClient, memories },
            ...{ config: config(), resolve: addressesOf },
          }),
      }),
    );
    const follower = this.#resources.use(
      new SourceFollower({
        ...common,
        store: kept,
        beforeWrite: sets.beforeWrite,
        clock: systemClock,
        config: () => ({ ...config(), hashes: hashWishes(config()) }),
        pressure,
        signal,
        onAliases: (aliases) => send({ type: "aliases", aliases }),
        onChanged: () => this.#monitor.sourceChanged(),
        onLost: () => this.#monitor.scanSourceSoon(),
      }),
    );
    return this.#resources.use(
      new Monitor({
        ...common,
        clock: systemClock,
        signal,
        cluster: this.#cluster,
        config,
        pressure,
        failed: (error) => this.#options.pressure.failed(error),
        scanMirror: async (mirror, request) => {
          const rule = redirectRule();
          const redirects = mirror.allowRedirects ?? !config().disallowRedirects;
          const began = systemClock.now();
          const result = await scanMirror({
            ...{ ...common, ...request, every, timeout, mirror, config: config() },
            fetch: (url, init) => followRedirects(url, init, { ...rule, redirects }),
            source: () => source.files(),
            listers: await createListers({
              ...{ environment, certificates, mirror, openClient, memories },
              ...{ config: config(), protocol: request.protocol, resolve: addressesOf },
            }),
          });
          void sets.scanned(mirror, began);
          return result;
        },
        scanSource: (request) => {
          const hashes = hashWishes(config());
          const scan = this.#notify.watchSource(() =>
            scanSource({
              ...{ ...common, store: kept, ...request, ...config(), hashes, pressure },
              beforeWrite: sets.beforeWrite,
            })
          );
          this.#sourceScan = scan.then(() => {}, () => {});
          return scan;
        },
        checkCertificate: (mirror, signal) =>
          config().checkProxy === null
            ? checkCertificate({ ...common, mirror, signal, endOf })
            : Promise.resolve(),
        checkHealth: (mirror, request) =>
          checkHealth({
            ...{ ...common, ...redirectRule(), ...request, mirror, config: config() },
            ...(config().checkProxy === null ? { isSelfSigned: looksSelfSigned } : {}),
            families: config().ipFamilies === "ignore"
              ? null
              : { clients, routes: this.#routes, checkInterval: config().checkInterval },
          }),
        followSource: (paths) => {
          follower.look(paths);
        },
        onSourceScanned: ({ aliases }) => {
          follower.scanned(aliases);
          send({ type: "aliases", aliases });
          this.#readiness.sourceScanned();
          this.#hashBacklog();
        },
      }),
    );
  }

  /** Hashes pieces that are wanted and not there, unless that is being done; health and log tell how far it is. */
  #hashBacklog(): void {
    const { config, log, scheduled } = this.#options;
    if (this.#backlog !== null || hashWishes(config()).pieces === null || !scheduled) return;
    this.#pieces = { hashed: 0, total: null };
    this.#backlog = this.#hashWanted()
      .catch((error) => {
        if (this.#stop.signal.aborted) return;
        log.warn(`Cannot hash the pieces of files: ${messageOf(error)}`);
      })
      .finally(() => {
        this.#pieces = null;
        this.#backlog = null;
      });
  }

  /** Hashes until nothing is left; begins anew when the configuration asks for something else. */
  async #hashWanted(): Promise<void> {
    const { store, config, log } = this.#options;
    const { hashBacklog } = await import("../scan/piece_backlog.ts");
    const { signal } = this.#stop;
    let hashes = hashWishes(config());
    while (hashes.pieces !== null) {
      const begun = JSON.stringify(hashes);
      const other = new AbortController();
      const done = await hashBacklog({
        ...{ store, repository: config().repository, hashes, log },
        signal: AbortSignal.any([signal, other.signal]),
        turn: async () => {
          await this.#sourceScan;
          if (JSON.stringify(hashWishes(config())) !== begun) other.abort();
        },
        onProgress: (hashed, total) => {
          this.#pieces = { hashed, total };
        },
      }).catch((error) => {
        if (signal.aborted || !other.signal.aborted) throw error;
        return "other" as const;
      });
      if (typeof done === "number") return;
      if (done === null) {
        // Another node is at it, or one that was killed and whose lock runs out soon.
        this.#pieces = null;
        await systemClock.delay(BACKLOG_RETRY, signal);
      }
      hashes = hashWishes(config());
    }
  }

  /** The client that checks use; another one when the configuration names another proxy. */
  #monitorClient(): () => MonitorHttpClient {
    const { config } = this.#options;
    const clients = new Map<string | null, MonitorHttpClient>();
    return () => {
      const proxy = config().checkProxy;
      let client = clients.get(proxy);
      // The one before may be at work: it is closed at the end.
      if (!client) clients.set(proxy, client = this.#resources.use(this.#createClient(proxy)));
      return client;
    };
  }

  #createClient(
    proxy: string | null,
    keptConnections = 0,
    family?: AddressFamily,
  ): MonitorHttpClient {
    const common = {
      ...{ proxy, keptConnections, clock: systemClock },
      ...(family === undefined ? {} : { family }),
    };
    const file = this.#options.environment.SSL_CERT_FILE;
    try {
      if (file) requirePermission({ name: "read", path: file });
      const certificates = file ? [Deno.readTextFileSync(file)] : [];
      return createMonitorHttpClient({ ...common, certificates });
    } catch (error) {
      this.#options.log.warn(`Cannot use the certificates in "${file}": ${messageOf(error)}`);
      return createMonitorHttpClient(common);
    }
  }

  /** Messages to people and programs. */
  #createNotifySide(): NotifySide {
    const { store, config, environment, log } = this.#options;
    return this.#resources.use(
      new NotifySide({
        ...{ store, config, log, clock: systemClock, cluster: this.#cluster },
        hostname: hostname(),
        path: environment.PATH || DEFAULT_PATH,
        client: this.#createClient(null),
        quotas: () => this.#quotas.uses,
        signal: this.#stop.signal,
      }),
    );
  }

  /** Writes a mark that a mirror reached into its log: once, though every node looks and each is restarted. */
  async #quotaReached({ id, name }: MirrorRecord, event: QuotaEvent): Promise<void> {
    const { store, log, scheduled } = this.#options;
    const cluster = this.#cluster;
    if (!scheduled || (cluster !== null && !cluster.settled)) return;
    try {
      const ids = (await store.mirrors()).map((mirror) => mirror.id);
      if (cluster !== null && !mirrorsOfNode(ids, cluster.nodes(), cluster.self).has(id)) return;
      const now = systemClock.now();
      const known = (await store.events(id, 100)).some((one) =>
        one.type === "quota" && one.of === event.of && one.percent === event.percent &&
        one.limit === event.limit && utcDay(one.time) === utcDay(now)
      );
      if (!known) await store.addEvent({ ...event, mirrorId: id, time: now });
    } catch (error) {
      log.warn(`Cannot write to the log of ${name}: ${messageOf(error)}`);
    }
  }

  /** Who works on the store, and whose each mirror is. */
  async #nodes(): Promise<NodesJson> {
    const mirrors = await this.#options.store.mirrors();
    const self = this.#cluster?.self ?? hostname();
    const names = this.#cluster?.nodes() ?? [self];
    const ids = mirrors.map(({ id }) => id);
    return {
      cluster: this.#cluster !== null,
      nodes: names.map((name) => {
        const own = mirrorsOfNode(ids, names, name);
        const ofNode = mirrors.filter(({ id }) => own.has(id)).map((one) => one.name).sort();
        return { name, self: name === self, mirrors: ofNode };
      }),
    };
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

function isMirrorNews(
  message: ControlMessage<never>,
): message is Extract<ControlMessage<never>, { type: "mirror" | "mirror_removed" | "mirrors" }> {
  return ["mirror", "mirror_removed", "mirrors"].includes(message.type);
}

/** Whether addresses take the place of chance somewhere. */
function drawsByAddress(
  { stableDraw, metadataSets }: Pick<Config, "stableDraw" | "metadataSets">,
): boolean {
  return stableDraw.length + metadataSets.length > 0;
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Whether a server signed its certificate itself, found out within the time to connect. */
function looksSelfSigned(url: string, signal: AbortSignal): Promise<boolean> {
  return isSelfSigned(url, AbortSignal.any([signal, systemClock.timeout(20_000)]));
}

/** When the certificate of a URL ends, found out within the time that a check may take to connect. */
function endOf(url: string, signal: AbortSignal): Promise<number | null> {
  const patience = systemClock.timeout(20_000);
  const end = certificateEnd(url, AbortSignal.any([signal, patience]));
  return end.catch((error) => {
    signal.throwIfAborted();
    if (patience.aborted) return null;
    throw error;
  });
}
