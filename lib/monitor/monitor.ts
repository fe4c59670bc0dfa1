import type { MirrorScanResult, SourceScanResult } from "../catalog/scan_result.ts";
import { MirrorChecks } from "./mirror_checks.ts";
import { MirrorScans } from "./mirror_scans.ts";
import { MirrorSchedules } from "./mirror_schedules.ts";
import { MirrorTable } from "./mirror_table.ts";
import { MirrorUpkeep } from "./mirror_upkeep.ts";
import { mirrorsOfNode } from "./mirrors_of_node.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import { MonitorWork } from "./monitor_work.ts";
import { RepositoryWatcher } from "./repository_watcher.ts";
import { requireDescriptors } from "./require_descriptors.ts";
import { type MirrorScanRequest, RETRY, type SourceScanRequest } from "./scan_requests.ts";
import { SourceSchedule } from "./source_schedule.ts";
import type { Due } from "./start_due.ts";

/** Milliseconds between two looks at what is due. */
const TICK = 250;

/** Milliseconds after which all mirrors are read again, in case a message was lost. */
const RELOAD = 60_000;

/**
 * Does on schedule, and on demand, what keeps the index and the state of the mirrors true: health
 * checks, mirror scans, source scans. Everything goes through here, so that no mirror is scanned twice
 * at once and no more scans run than the configuration allows.
 */
export class Monitor implements AsyncDisposable {
  readonly #options: MonitorOptions;
  readonly #work: MonitorWork;
  readonly #table: MirrorTable;
  readonly #schedules = new MirrorSchedules();
  readonly #scans: MirrorScans;
  readonly #checks: MirrorChecks;
  readonly #upkeep: MirrorUpkeep;
  readonly #source: SourceSchedule;
  /** On the clock that is never set. */
  #reloaded = -Infinity;
  #noRefreshBefore = -Infinity;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#work = new MonitorWork(options);
    this.#table = new MirrorTable(options.store);
    this.#scans = new MirrorScans(options, this.#work, this.#schedules);
    this.#checks = new MirrorChecks(options, this.#work, this.#schedules);
    this.#upkeep = new MirrorUpkeep(options, this.#work, this.#scans);
    this.#source = new SourceSchedule({
      ...options,
      now: options.clock.now,
      problems: this.#work.problems,
      onNoted: (paths) => options.followSource?.(paths),
      onScanned: (result) => {
        for (const schedule of this.#schedules.all()) {
          // What waited for an index does so no more.
          schedule.postponeScan(null);
          if (result.changed > 0) schedule.sourceChanged();
        }
        this.#work.wake();
        options.onSourceScanned?.(result);
      },
    });
  }

  /** Keeps the schedule until the signal is aborted; ends when nothing runs any more. */
  async run(): Promise<void> {
    const signal = this.#work.signal;
    if (signal.aborted) return;
    this.#options.store.watch((change) => {
      this.#table.note(change);
      if (change.type === "mirror" || change.type === "availability") this.#work.wake();
    }, signal);
    signal.addEventListener("abort", () => this.#work.wake());
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
        await this.#work.sleep(TICK);
        continue;
      }
      const scan = this.#options.store.available ? this.#source.scanIfDue(signal) : null;
      if (scan) this.#work.track(() => scan);
      if (await this.#refresh()) this.#scheduleMirrors();
      await this.#work.sleep(TICK);
    }
    await this.#work.ended();
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
    return this.#work.track(() => this.#scans.scanNow(id, request));
  }

  /**
   * Scans the source now, or after the scan of it that this node is doing.
   *
   * @throws {ScanError} when it failed, or another node is doing it
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  scanSourceNow(request: SourceScanRequest): Promise<SourceScanResult> {
    return this.#work.track(async () => {
      const signal = AbortSignal.any([request.signal, this.#work.signal]);
      requireDescriptors(this.#options.pressure);
      return await this.#source.scanNow({ ...request, signal });
    });
  }

  /** The source is scanned as soon as no scan of it runs. */
  scanSourceSoon(): void {
    this.#source.want();
    this.#work.wake();
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
    this.#schedules.of(id).wantScan();
    this.#work.wake();
  }

  /** A mirror is checked as soon as its turn comes. */
  checkMirrorSoon(id: number): void {
    this.#schedules.of(id).wantCheck();
    this.#work.wake();
  }

  /** The index has other files: what waited for that is due. */
  sourceChanged(): void {
    for (const schedule of this.#schedules.all()) schedule.sourceChanged();
    this.#work.wake();
  }

  /** Stops everything and waits until nothing runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#work.stop();
    await this.#work.ended();
  }

  #followSource(paths: readonly string[]): void {
    const { followSource } = this.#options;
    if (followSource === undefined) return this.scanSourceSoon();
    // What a scan saw before they changed it may write afterwards.
    if (this.#source.note(paths)) followSource(paths);
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
      this.#work.problems.solved("mirrors");
      return store.available;
    } catch (error) {
      this.#noRefreshBefore = clock.elapsed() + RETRY;
      this.#work.report("mirrors", "Cannot read the mirrors", error);
      return false;
    }
  }

  #scheduleMirrors(): void {
    const { config, clock, cluster } = this.#options;
    if (this.#work.signal.aborted || (cluster !== null && !cluster.settled)) return;
    const mine = cluster && mirrorsOfNode(this.#table.ids(), cluster.nodes(), cluster.self);
    const settings = config();
    const time = clock.now();
    const checks: Due[] = [];
    const scans: Due[] = [];
    const ids = new Set<number>();
    for (const mirror of this.#table.all()) {
      ids.add(mirror.id);
      const schedule = this.#schedules.of(mirror.id);
      schedule.note(mirror);
      if (mine && !mine.has(mirror.id)) continue;
      this.#upkeep.look(mirror, schedule, time);
      const check = schedule.checkOverdue(mirror, settings, time);
      if (check >= 0) checks.push({ mirror, overdue: check });
      const scan = schedule.scanOverdue(mirror, settings, time);
      if (scan >= 0) scans.push({ mirror, overdue: scan });
    }
    this.#schedules.keepOnly(ids);
    this.#checks.startDue(checks);
    this.#scans.startDue(scans);
  }
}
