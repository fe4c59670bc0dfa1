import type { DifferencePage, DifferenceQuery } from "../catalog/file_difference.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorScanResult, SourceScanResult } from "../catalog/scan_result.ts";
import type { Config } from "../config/config.ts";
import type { ControlMessage } from "../http/threads/messages.ts";
import type { Log } from "../log/log.ts";
import type { CheckedJson } from "../control/api/check_schemas.ts";
import type { ClusterMembership } from "../monitor/cluster.ts";
import type { CheckRequest } from "../monitor/monitor_options.ts";
import type { Pressure } from "../process/pressure.ts";
import type { BeforeWrite } from "../scan/source_scan_options.ts";
import type { Store } from "../store/store.ts";
import { familyName } from "../catalog/families.ts";
import { messageOf } from "../log/message_of.ts";
import { traced, type Tracing } from "../log/tracing.ts";
import { checkCertificate } from "../monitor/check_certificate.ts";
import { FamilyRoutes } from "../monitor/family_routes.ts";
import { checkHealth, type CheckOutcome } from "../monitor/health_check.ts";
import { Monitor } from "../monitor/monitor.ts";
import { Verifier } from "../monitor/verifier.ts";
import {
  couldNotBegin,
  type MirrorScanRequest,
  type SourceScanRequest,
} from "../monitor/scan_requests.ts";
import { ComparisonMemory } from "../scan/comparison_memory.ts";
import { differentFiles } from "../scan/different_files.ts";
import { hashWishes } from "../scan/hash_wishes.ts";
import { GivenLister } from "../scan/given_lister.ts";
import { scanMirror } from "../scan/mirror_scan.ts";
import { newestFiles } from "../scan/newest_files.ts";
import { readCopies } from "../scan/read_copies.ts";
import { RevisionKeeper } from "../scan/revision_keeper.ts";
import { SourceFollower } from "../scan/source_follower.ts";
import { SourceListing } from "../scan/source_listing.ts";
import { scanSource } from "../scan/source_scan.ts";
import { SourceWork } from "../stats/source_work.ts";
import { WorkTimes } from "../stats/work_times.ts";
import { uncoveredRoots } from "../sets/uncovered_roots.ts";
import { CheckClients } from "./check_clients.ts";
import { endOfCertificate, looksSelfSigned } from "./handshakes.ts";
import { addressesOf, MirrorAccess } from "./mirror_access.ts";
import { ReleaseSide } from "./release_side.ts";
import { SetsSide } from "./sets_side.ts";
import { gatherEvents } from "./gather_events.ts";
import { systemClock } from "./system_clock.ts";
import { TreeSide } from "./tree_side.ts";
import { checkUrlNow } from "./url_check.ts";

/** Files that changed last, of which the newest that a mirror has is asked for. */
const NEWEST = 50;

/** What a {@linkcode ScanSide} works with. */
export interface ScanSideOptions {
  readonly store: Store;
  /** The configuration in force now. */
  readonly config: () => Config;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told what takes how long; `null`: nobody wants to know. */
  readonly tracing: Tracing | null;
  /** Whether this node scans and checks on schedule. */
  readonly scheduled: boolean;
  /** The other nodes; `null`: there are none. */
  readonly cluster: ClusterMembership | null;
  /** Tells every HTTP thread. */
  readonly send: (message: ControlMessage<never>) => void;
  /** Whether the process is short of file descriptors. */
  readonly pressure: Pick<Pressure, "high" | "failed">;
  /** Does a scan of the source, and takes note of how it ends. */
  readonly watchSource: (scan: () => Promise<SourceScanResult>) => Promise<SourceScanResult>;
  /** Called after each scan of the source that ended well. */
  readonly onSourceScanned: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Scans and health checks of one control side, with all that they take. */
export class ScanSide implements AsyncDisposable {
  /** Scans and checks on schedule, and on demand. */
  readonly monitor: Monitor;
  /** What metadata sets there are, and what mirrors have of them. */
  readonly sets: SetsSide;
  /** What waits for mirrors, and how far it is. */
  readonly release: ReleaseSide;
  /** What scans and checks of mirrors were like. */
  readonly work = new WorkTimes(systemClock.elapsed);
  /** What scans of the source were like. */
  readonly sourceWork = new SourceWork(systemClock.elapsed);
  /** Asks for large files that redirects lead to. */
  readonly verifier: Verifier;
  /** What mirrors have that are never scanned. */
  readonly tree: TreeSide;
  readonly #options: ScanSideOptions;
  readonly #resources = new AsyncDisposableStack();
  /** Over which kinds of addresses this machine reaches anything. */
  readonly #routes = new FamilyRoutes();
  readonly #clients: CheckClients;
  readonly #access: MirrorAccess;
  readonly #kept: RevisionKeeper;
  readonly #source: SourceListing;
  readonly #compared = new ComparisonMemory();
  readonly #follower: SourceFollower;
  #toldUncovered = false;
  /** The scan of the source that began last; it never fails. */
  #sourceScan: Promise<void> = Promise.resolve();

  constructor(options: ScanSideOptions) {
    this.#options = options;
    const { store, config, environment, log, signal } = options;
    this.#clients = this.#resources.use(
      new CheckClients({ environment, log, proxy: () => config().checkProxy }),
    );
    this.#access = new MirrorAccess({ clients: this.#clients, config, environment });
    const { now } = systemClock;
    this.#kept = new RevisionKeeper({ store, now, days: () => config().metalinkAlternates });
    this.#source = new SourceListing(store, signal);
    this.sets = this.#resources.use(this.#createSets());
    this.release = this.#resources.use(this.#createRelease());
    this.tree = this.#resources.use(this.#createTree());
    this.#follower = this.#resources.use(this.#createFollower());
    this.monitor = this.#resources.use(this.#createMonitor());
    this.verifier = this.#resources.use(
      new Verifier({
        ...{ store, config, log, clock: systemClock, signal },
        rule: () => this.#access.redirectRule,
        pressure: () => options.pressure.high,
      }),
    );
  }

  /** Names of the kinds of addresses that this machine reaches nothing over. */
  noRoute(): string[] {
    return this.#routes.missing.map(familyName);
  }

  /** Names files of a mirror that differ from the source's, by its last listing. */
  async differences(mirror: MirrorRecord, query: DifferenceQuery): Promise<DifferencePage> {
    const { store, config, signal } = this.#options;
    const [source, copies] = await Promise.all([
      this.#source.files(),
      readCopies(store, mirror.id, signal),
    ]);
    return differentFiles(source, copies, {
      mirror,
      precision: mirror.lastSuccessfulSyncPrecision,
      timeZoneOffset: mirror.timeZoneOffset,
      tolerance: mirror.tolerance ?? config().tolerance,
    }, query);
  }

  /** Looks at a server that may become a mirror. @throws {ControlError} @throws {StoreUnavailableError} */
  async checkUrl(url: string, until: AbortSignal): Promise<CheckedJson> {
    const { config, signal } = this.#options;
    return await checkUrlNow({
      ...{ url, config: config(), rule: this.#access.redirectRule },
      source: () => this.#source.files(),
      clients: () => this.#clients.ofFamilies,
      signal: AbortSignal.any([signal, until]),
    });
  }

  /** Settles when the scan of the source that runs on this node has ended, however it did. */
  sourceScan(): Promise<void> {
    return this.#sourceScan;
  }

  /** See {@linkcode AsyncDisposable}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** Notes what changes before the index says so. */
  readonly #beforeWrite: BeforeWrite = async (difference) => {
    await this.sets.beforeWrite(difference);
    await this.release.beforeWrite(difference);
  };

  #createRelease(): ReleaseSide {
    return new ReleaseSide({
      ...this.#options,
      paths: async () => (await this.#source.files()).paths(),
      isBound: (path) => (this.sets.trees?.of(path)?.set ?? null) !== null,
    });
  }

  #createSets(): SetsSide {
    const access = this.#access;
    return new SetsSide({
      ...this.#options,
      isMine: (id) => this.monitor.isMine(id),
      scanSoon: (id) => this.monitor.scanMirrorSoon(id),
      fetch: (mirror, url, init) => access.fetchFrom(mirror)(url, init),
      listers: (mirror) => access.listersOf(mirror),
    });
  }

  #createTree(): TreeSide {
    const { send, scheduled } = this.#options;
    return new TreeSide({
      ...{ ...this.#options, resolve: addressesOf },
      openClient: (connections) => this.#clients.open(connections),
      isMine: (id) => scheduled && this.monitor.isMine(id),
      checkSoon: (id) => this.monitor.checkMirrorSoon(id),
      lookAgain: () => send({ type: "look_again" }),
    });
  }

  #createFollower(): SourceFollower {
    const { config, send, pressure, log, signal } = this.#options;
    return new SourceFollower({
      ...{ store: this.#kept, log, clock: systemClock, signal },
      beforeWrite: this.#beforeWrite,
      config: () => ({ ...config(), hashes: hashWishes(config()) }),
      pressure: () => pressure.high,
      onAliases: (aliases) => send({ type: "aliases", aliases }),
      onChanged: () => this.monitor.sourceChanged(),
      onLost: () => this.monitor.scanSourceSoon(),
    });
  }

  #createMonitor(): Monitor {
    const { store, config, cluster, send, pressure, tracing, log, signal } = this.#options;
    return new Monitor({
      ...{ store, config, cluster, log, clock: systemClock, signal },
      pressure: () => pressure.high,
      failed: (error) => pressure.failed(error),
      scanMirror: (mirror, request) =>
        traced(
          tracing,
          "scan mirror",
          { mirror: mirror.name },
          () => this.#scanMirror(mirror, request),
        ),
      scanSource: (request) => traced(tracing, "scan source", {}, () => this.#scanSource(request)),
      checkHealth: (mirror, request) =>
        traced(
          tracing,
          "check mirror",
          { mirror: mirror.name },
          () => this.#checkHealth(mirror, request),
        ),
      checkCertificate: (mirror, until) => this.#checkCertificate(mirror, until),
      gather: (options) => gatherEvents(options, () => pressure.high),
      followSource: (paths) => {
        this.#follower.look(paths);
      },
      onSourceScanned: ({ aliases }) => {
        this.#follower.scanned(aliases);
        send({ type: "aliases", aliases });
        void this.#tellUncovered();
        this.#options.onSourceScanned();
      },
    });
  }

  /** Says once which package metadata no set keeps together. */
  async #tellUncovered(): Promise<void> {
    if (this.#toldUncovered) return;
    this.#toldUncovered = true;
    const { config, log } = this.#options;
    try {
      const paths = (await this.#source.files()).paths();
      for (const line of uncoveredRoots(paths, config().metadataSets)) log.info(line);
    } catch (error) {
      log.debug(`Cannot look for package metadata: ${messageOf(error)}`);
    }
  }

  async #scanMirror(mirror: MirrorRecord, request: MirrorScanRequest): Promise<MirrorScanResult> {
    const { store, config, log } = this.#options;
    const access = this.#access;
    const began = systemClock.now();
    const { every, now, timeout } = systemClock;
    const scan = async (): Promise<MirrorScanResult> =>
      await scanMirror({
        ...{ every, now, timeout, random: Math.random, store, log, ...request, mirror },
        config: config(),
        fetch: access.fetchFrom(mirror),
        source: () => this.#source.files(),
        named: () => [...this.sets.trees?.sets.values() ?? []].map(({ below }) => below),
        given: request.listing !== undefined,
        listers: request.listing === undefined
          ? await access.listersOf(mirror, request.protocol)
          : [new GivenLister(request.listing)],
        compared: this.#compared,
      });
    const failed = (error: unknown): boolean => !request.signal.aborted && !couldNotBegin(error);
    const result = await this.work.scan(mirror.id, scan, failed);
    void this.sets.scanned(mirror, began);
    return result;
  }

  #scanSource(request: SourceScanRequest): Promise<SourceScanResult> {
    const { config, pressure, log, watchSource } = this.#options;
    const hashes = hashWishes(config());
    const scan = watchSource(() =>
      this.sourceWork.scan((onProgress) =>
        scanSource({
          ...{ store: this.#kept, log, now: systemClock.now, ...request, ...config(), hashes },
          pressure: () => pressure.high,
          ...{ onProgress, beforeWrite: this.#beforeWrite },
        }), request.onProgress)
    );
    this.#sourceScan = scan.then(() => {}, () => {});
    return scan;
  }

  async #checkCertificate(mirror: MirrorRecord, signal: AbortSignal): Promise<void> {
    const { store, config, log } = this.#options;
    if (config().checkProxy !== null) return;
    const { now } = systemClock;
    await checkCertificate({ store, log, now, mirror, signal, endOf: endOfCertificate });
  }

  async #checkHealth(
    mirror: MirrorRecord,
    request: CheckRequest,
  ): Promise<Omit<CheckOutcome, "asked">> {
    const { store, config, log } = this.#options;
    const { checkProxy, ipFamilies, checkInterval } = config();
    const check = (): Promise<Omit<CheckOutcome, "asked">> =>
      checkHealth({
        ...{ store, log, clock: systemClock, now: systemClock.now, random: Math.random },
        ...{ ...this.#access.redirectRule, ...request, mirror, config: config() },
        ...(checkProxy === null ? { isSelfSigned: looksSelfSigned } : {}),
        newest: async () => newestFiles(await this.#source.files(), NEWEST),
        families: ipFamilies === "ignore"
          ? null
          : { clients: this.#clients.ofFamilies, routes: this.#routes, checkInterval },
      });
    return await this.work.check(mirror.id, check);
  }
}
