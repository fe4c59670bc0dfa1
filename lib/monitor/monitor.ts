import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { MirrorScanResult, SourceScanResult } from "../catalog/scan_result.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, type Store } from "../store/store.ts";
import type { ClusterMembership } from "./cluster.ts";
import { gaveUp } from "./gave_up.ts";
import { downtimeStep } from "./downtime_step.ts";
import { keepDowntime } from "./keep_downtime.ts";
import type { CheckOutcome, HealthCheckOptions } from "./health_check.ts";
import { MirrorSchedule } from "./mirror_schedule.ts";
import { MirrorTable } from "./mirror_table.ts";
import { mirrorsOfNode } from "./mirrors_of_node.ts";
import { notScannedFor } from "./not_scanned_for.ts";
import { ProblemLog } from "./problem_log.ts";
import { RepositoryWatcher } from "./repository_watcher.ts";
import {
  couldNotBegin,
  type MirrorScanRequest,
  RETRY,
  type SourceScanRequest,
} from "./scan_requests.ts";
import { Slots } from "./slots.ts";
import { SourceSchedule } from "./source_schedule.ts";

/** What a check is told. */
export type CheckRequest = Required<Pick<HealthCheckOptions, "busy" | "hold" | "signal">>;

/** What {@linkcode Monitor} works with. */
export interface MonitorOptions {
  readonly store: Pick<
    Store,
    | "addEvent"
    | "available"
    | "enableMirror"
    | "mirror"
    | "mirrors"
    | "updateMirrorState"
    | "watch"
  >;
  /** The configuration that is in force now. */
  readonly config: () => Pick<
    Config,
    | "checkInterval"
    | "concurrentSync"
    | "disableAfter"
    | "staleAfter"
    | "exclude"
    | "maxScanAge"
    | "httpScan"
    | "repository"
    | "repositoryScanInterval"
    | "scanInterval"
    | "watchRepository"
  >;
  /** Scans a mirror, with everything that belongs to it. */
  readonly scanMirror: (
    mirror: MirrorRecord,
    request: MirrorScanRequest,
  ) => Promise<MirrorScanResult>;
  /** Scans the source, with everything that belongs to it. */
  readonly scanSource: (request: SourceScanRequest) => Promise<SourceScanResult>;
  /** Checks a mirror and records what it found. */
  readonly checkHealth: (
    mirror: MirrorRecord,
    request: CheckRequest,
  ) => Promise<Omit<CheckOutcome, "asked">>;
  /** Whether the process is short of file descriptors: then nothing is begun. Default: never. */
  readonly pressure?: () => boolean;
  /** Told what kept a scan or a check of this node from being done. */
  readonly failed?: (error: unknown) => void;
  /** Learns when the certificate of a mirror ends; default: nobody wants to know. */
  readonly checkCertificate?: (mirror: MirrorRecord, signal: AbortSignal) => Promise<void>;
  /** Called after each scan of the source that ended well. */
  readonly onSourceScanned?: (result: SourceScanResult) => void;
  /**
   * Brings the index up to date with single paths of the repository that changed. Default: the source is
   * scanned.
   */
  readonly followSource?: (paths: readonly string[]) => void;
  /** The other nodes; `null`: there are none. */
  readonly cluster: Pick<ClusterMembership, "nodes" | "self" | "settled"> | null;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed" | "now">;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at what is due. */
const TICK = 250;

/** Milliseconds after which all mirrors are read again, in case a message was lost. */
const RELOAD = 60_000;

/** Milliseconds after which the end of a downtime is tried again. */
const DOWNTIME_RETRY = 10 * 60_000;

const CONCURRENT_CHECKS = 10;

/** How many times as many scans of slow mirrors may run beside the others. */
const SLOW_SCANS = 4;

/**
 * Does on schedule, and on demand, what keeps the index and the state of the mirrors true: health
 * checks, mirror scans, source scans. Everything goes through here, so that no mirror is scanned twice
 * at once and no more scans run than the configuration allows.
 */
export class Monitor implements AsyncDisposable {
  readonly #options: MonitorOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #table: MirrorTable;
  readonly #schedules = new Map<number, MirrorSchedule>();
  readonly #scans: Slots;
  readonly #slow: Slots;
  readonly #checks = new Slots(() => CONCURRENT_CHECKS);
  readonly #source: SourceSchedule;
  readonly #problems: ProblemLog;
  readonly #tasks = new Set<Promise<unknown>>();
  /** On the clock that is never set. */
  #reloaded = -Infinity;
  #noRefreshBefore = -Infinity;
  /** When this node began to look, on the clock that is never set. */
  readonly #began: number;
  #wake: () => void = () => {};

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#began = options.clock.elapsed();
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#table = new MirrorTable(options.store);
    this.#scans = new Slots(() => Math.max(1, options.config().concurrentSync));
    this.#slow = new Slots(() => SLOW_SCANS * Math.max(1, options.config().concurrentSync));
    this.#problems = new ProblemLog(options.log);
    this.#source = new SourceSchedule({
      ...options,
      now: options.clock.now,
      problems: this.#problems,
      onNoted: (paths) => options.followSource?.(paths),
      onScanned: (result) => {
        for (const schedule of this.#schedules.values()) {
          // What waited for an index does so no more.
          schedule.postponeScan(null);
          if (result.changed > 0) schedule.sourceChanged();
        }
        this.#wake();
        options.onSourceScanned?.(result);
      },
    });
  }

  /** Keeps the schedule until the signal is aborted; ends when nothing runs any more. */
  async run(): Promise<void> {
    const signal = this.#signal;
    if (signal.aborted) return;
    this.#options.store.watch((change) => {
      this.#table.note(change);
      if (change.type === "mirror" || change.type === "availability") this.#wake();
    }, signal);
    signal.addEventListener("abort", () => this.#wake());
    await using watcher = new RepositoryWatcher({
      ...this.#options,
      onChange: (paths) => {
        if (paths === null) this.scanSourceSoon();
        else this.#followSource(paths);
      },
    });
    while (!signal.aborted) {
      watcher.follow(this.#options.config());
      if (this.#options.pressure?.()) {
        await this.#sleep();
        continue;
      }
      const scan = this.#options.store.available ? this.#source.scanIfDue(signal) : null;
      if (scan) this.#track(() => scan);
      if (await this.#refresh()) this.#scheduleMirrors();
      await this.#sleep();
    }
    await Promise.allSettled(this.#tasks);
  }

  /**
   * Scans a mirror now, as soon as fewer than ConcurrentSync scans run.
   *
   * @throws {ScanError} when it failed, or a scan of this mirror runs already
   * @throws {NoSuchMirrorError}
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  scanMirrorNow(id: number, request: MirrorScanRequest): Promise<MirrorScanResult> {
    return this.#track(async () => {
      const signal = AbortSignal.any([request.signal, this.#signal]);
      signal.throwIfAborted();
      const mirror = await this.#options.store.mirror(id);
      if (mirror === null) throw new NoSuchMirrorError(id);
      this.#requireDescriptors();
      const schedule = this.#scheduleOf(id);
      if (schedule.scanning) {
        throw new ScanError("in_progress", "a scan of it is already in progress");
      }
      schedule.scanning = true;
      try {
        using slots = new DisposableStack();
        const slot = slots.use(await this.#scans.take(signal));
        const onSlow = this.#whenSlow(mirror, slot, slots);
        return await this.#scan(mirror, { ...request, onSlow, signal });
      } finally {
        schedule.scanning = false;
      }
    });
  }

  /**
   * Scans the source now, or after the scan of it that this node is doing.
   *
   * @throws {ScanError} when it failed, or another node is doing it
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  scanSourceNow(request: SourceScanRequest): Promise<SourceScanResult> {
    return this.#track(async () => {
      const signal = AbortSignal.any([request.signal, this.#signal]);
      this.#requireDescriptors();
      return await this.#source.scanNow({ ...request, signal });
    });
  }

  /** The source is scanned as soon as no scan of it runs. */
  scanSourceSoon(): void {
    this.#source.want();
    this.#wake();
  }

  /** Whether this node scans and checks a mirror. */
  isMine(id: number): boolean {
    const { cluster } = this.#options;
    if (cluster === null) return true;
    if (!cluster.settled) return false;
    return mirrorsOfNode(this.#table.ids(), cluster.nodes(), cluster.self).has(id);
  }

  /** A mirror is scanned as soon as its turn comes. */
  scanMirrorSoon(id: number): void {
    this.#scheduleOf(id).wantScan();
    this.#wake();
  }

  /** The index has other files: what waited for that is due. */
  sourceChanged(): void {
    for (const schedule of this.#schedules.values()) schedule.sourceChanged();
    this.#wake();
  }

  /** Stops everything and waits until nothing runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#tasks);
  }

  #followSource(paths: readonly string[]): void {
    const { followSource } = this.#options;
    if (followSource === undefined) return this.scanSourceSoon();
    // What a scan saw before they changed it may write afterwards.
    if (this.#source.note(paths)) followSource(paths);
  }

  /** @throws {ScanError} when a scan could not open what it needs */
  #requireDescriptors(): void {
    if (!this.#options.pressure?.()) return;
    throw new ScanError(
      "listing",
      "too many files are open in this program: try again in a minute",
    );
  }

  /** @returns whether the mirrors are known now */
  async #refresh(): Promise<boolean> {
    const { store, clock } = this.#options;
    const time = clock.elapsed();
    if (!store.available && time < this.#noRefreshBefore) return false;
    if (time - this.#reloaded >= RELOAD) {
      this.#reloaded = time;
      this.#table.invalidate();
    }
    try {
      await this.#table.refresh();
      this.#problems.solved("mirrors");
      return store.available;
    } catch (error) {
      this.#noRefreshBefore = clock.elapsed() + RETRY;
      this.#report("mirrors", "Cannot read the mirrors", error);
      return false;
    }
  }

  #scheduleMirrors(): void {
    const { config, clock, cluster } = this.#options;
    if (this.#signal.aborted || (cluster !== null && !cluster.settled)) return;
    const mine = cluster && mirrorsOfNode(this.#table.ids(), cluster.nodes(), cluster.self);
    const settings = config();
    const time = clock.now();
    const checks: Due[] = [];
    const scans: Due[] = [];
    const ids = new Set<number>();
    for (const mirror of this.#table.all()) {
      ids.add(mirror.id);
      const schedule = this.#scheduleOf(mirror.id);
      schedule.note(mirror);
      if (mine && !mine.has(mirror.id)) continue;
      this.#judgeAge(mirror, schedule, time);
      this.#keepDowntime(mirror, schedule, time);
      this.#giveUp(mirror, schedule, time);
      const check = schedule.checkOverdue(mirror, settings, time);
      if (check >= 0) checks.push({ mirror, overdue: check });
      const scan = schedule.scanOverdue(mirror, settings, time);
      if (scan >= 0) scans.push({ mirror, overdue: scan });
    }
    for (const [id, { scanning, checking }] of this.#schedules) {
      if (!ids.has(id) && !scanning && !checking) this.#schedules.delete(id);
    }
    this.#scans.serve();
    start(checks, this.#checks, (mirror, slot) => this.#startCheck(mirror, slot));
    start(scans, this.#scans, (mirror, slot) => this.#startScan(mirror, slot));
  }

  /** Writes whether a mirror was scanned too long ago to serve, where that changed. */
  #judgeAge(mirror: MirrorRecord, schedule: MirrorSchedule, time: number): void {
    const { config, store } = this.#options;
    const age = notScannedFor(mirror, config(), time);
    if (age === mirror.notScannedFor || schedule.judging || !mirror.enabled) return;
    schedule.judging = true;
    this.#track(async () => {
      try {
        await store.updateMirrorState(mirror.id, { notScannedFor: age });
      } catch (error) {
        this.#report(`age ${mirror.id}`, `Cannot judge ${mirror.name}`, error);
      } finally {
        schedule.judging = false;
      }
    });
  }

  /** Disables what has been of no use for long, also for as long as this node has been up. */
  #giveUp(mirror: MirrorRecord, schedule: MirrorSchedule, time: number): void {
    const { store, clock, config, log } = this.#options;
    const why = gaveUp(mirror, config(), time, clock.elapsed() - this.#began);
    if (why === null || schedule.judging) return;
    schedule.judging = true;
    this.#track(async () => {
      try {
        // The operator, or another node, may have been faster.
        const { enabled = false, downtime = null } = await store.mirror(mirror.id) ?? {};
        if (!enabled) return;
        await store.enableMirror(mirror.id, false);
        // A plan would enable it again.
        if (downtime !== null) await store.updateMirrorState(mirror.id, { downtime: null });
        log.warn(`Mirror ${mirror.name} was disabled: ${why}`);
        const event = { mirrorId: mirror.id, time: clock.now() };
        await store.addEvent({ ...event, type: "error", message: `Disabled: ${why}` });
        await store.addEvent({ ...event, type: "disabled" });
      } catch (error) {
        this.#report(`use ${mirror.id}`, `Cannot disable ${mirror.name}`, error);
      } finally {
        schedule.judging = false;
      }
    });
  }

  /** Disables and enables by the clock what is planned so. */
  #keepDowntime(mirror: MirrorRecord, schedule: MirrorSchedule, time: number): void {
    const step = downtimeStep(mirror, time);
    if (step === null) schedule.noEndBefore = null;
    if (step === null || schedule.planning || schedule.scanning) return;
    const { store, log, clock, config } = this.#options;
    const again = schedule.noEndBefore;
    if (again !== null && again > time && again - time <= DOWNTIME_RETRY) return;
    const scanned = step === "end" && canBeScanned(mirror, config());
    const slot = scanned ? this.#scans.tryTake() : null;
    if (scanned && slot === null) return;
    schedule.planning = true;
    schedule.scanning = scanned;
    this.#track(async () => {
      using slots = new DisposableStack();
      if (slot !== null) slots.use(slot);
      try {
        const failed = await keepDowntime({
          ...{ id: mirror.id, store, log, now: clock.now, tell: again === null },
          scan: slot === null ? null : (current) => {
            const onSlow = this.#whenSlow(current, slot, slots);
            return this.#scan(current, { scheduled: true, onSlow, signal: this.#signal });
          },
        });
        if (failed) schedule.noEndBefore = clock.now() + DOWNTIME_RETRY;
      } catch (error) {
        this.#report(`downtime ${mirror.id}`, `Cannot follow the plan of ${mirror.name}`, error);
      } finally {
        schedule.planning = false;
        if (scanned) schedule.scanning = false;
        this.#wake();
      }
    });
  }

  #startCheck(mirror: MirrorRecord, slot: Disposable): void {
    const schedule = this.#scheduleOf(mirror.id);
    schedule.checkStarted(this.#options.clock.now());
    this.#track(async () => {
      using _slot = slot;
      try {
        const { checkHealth, clock, config } = this.#options;
        const { busy } = schedule;
        const hold = schedule.mustScanFirst(mirror, config(), clock.now());
        const outcome = await checkHealth(mirror, { busy, hold, signal: this.#signal });
        schedule.checked(outcome, config(), clock.now());
        if (schedule.certificateDue(mirror, clock.now())) {
          await this.#options.checkCertificate?.(mirror, this.#signal);
        }
      } catch (error) {
        this.#report(`check ${mirror.id}`, `Cannot check ${mirror.name}`, error);
      } finally {
        schedule.checking = false;
        this.#wake();
      }
    });
  }

  #startScan(mirror: MirrorRecord, slot: Disposable): void {
    const schedule = this.#scheduleOf(mirror.id);
    schedule.scanning = true;
    this.#track(async () => {
      using slots = new DisposableStack();
      slots.use(slot);
      try {
        const onSlow = this.#whenSlow(mirror, slot, slots);
        await this.#scan(mirror, { scheduled: true, onSlow, signal: this.#signal });
      } catch (error) {
        // What the mirror itself did wrong was told by the scan.
        if (!(error instanceof ScanError) || error.reason === "no_url") {
          this.#report(`scan ${mirror.id}`, `Cannot scan ${mirror.name}`, error);
        }
      } finally {
        schedule.scanning = false;
        this.#wake();
      }
    });
  }

  /** Lets another mirror be scanned beside a slow one. */
  #whenSlow({ name }: MirrorRecord, slot: Disposable, slots: DisposableStack): () => void {
    return () => {
      const place = this.#slow.tryTake();
      if (place === null) return;
      slots.use(place);
      slot[Symbol.dispose]();
      this.#options.log.info(`Scan of ${name}: it is slow, others do not wait for it`);
      this.#wake();
    };
  }

  async #scan(mirror: MirrorRecord, request: MirrorScanRequest): Promise<MirrorScanResult> {
    const { scanMirror, log, clock: { now } } = this.#options;
    const schedule = this.#scheduleOf(mirror.id);
    try {
      const result = await scanMirror(mirror, request);
      schedule.scanned(now());
      if (result.timeZoneUnknown) schedule.waitForFiles();
      const { indexed, known, removed } = result;
      log.info(
        `Scan of ${mirror.name}: ${indexed} files indexed, ${known} known and ${removed} removed`,
      );
      if (!isUp(mirror)) schedule.wantCheck();
      this.#problems.solved(`scan ${mirror.id}`);
      return result;
    } catch (error) {
      if (couldNotBegin(error)) schedule.postponeScan(now() + RETRY);
      else if (!request.signal.aborted) schedule.scanned(now());
      throw error;
    }
  }

  #scheduleOf(id: number): MirrorSchedule {
    let schedule = this.#schedules.get(id);
    if (!schedule) this.#schedules.set(id, schedule = new MirrorSchedule());
    return schedule;
  }

  /** Logs a problem; none is one when everything ends. */
  #report(kind: string, what: string, error: unknown): void {
    if (this.#signal.aborted) return;
    // What a scan says may be the mirror's own words.
    if (!(error instanceof ScanError)) this.#options.failed?.(error);
    this.#problems.add(kind, what, error);
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    const task = work();
    const tracked = task.catch(() => {}).finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
    return task;
  }

  async #sleep(): Promise<void> {
    if (this.#signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = this.#options.clock.after(TICK, resolve);
    this.#wake = resolve;
    await promise;
  }
}

/** Whether there is a way to list what a mirror has. */
function canBeScanned(
  { rsyncUrl, ftpUrl, unchecked }: MirrorRecord,
  { httpScan }: Pick<Config, "httpScan">,
): boolean {
  if (unchecked) return false;
  return rsyncUrl !== "" || ftpUrl !== "" || httpScan !== "off";
}

interface Due {
  readonly mirror: MirrorRecord;
  readonly overdue: number;
}

/** Starts what is due, the longest overdue first, as far as slots are free. */
function start(
  due: Due[],
  slots: Slots,
  run: (mirror: MirrorRecord, slot: Disposable) => void,
): void {
  // Infinity minus Infinity is no number.
  due.sort((a, b) => (a.overdue === b.overdue ? 0 : b.overdue - a.overdue));
  for (const { mirror } of due) {
    const slot = slots.tryTake();
    if (slot === null) return;
    run(mirror, slot);
  }
}

function isUp({ httpUp, httpsUp, httpDownReason, httpsDownReason }: MirrorRecord): boolean {
  return (httpUp || httpsUp) && httpDownReason === "" && httpsDownReason === "";
}
