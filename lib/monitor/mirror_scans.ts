import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { MirrorScanResult } from "../catalog/scan_result.ts";
import { NoSuchMirrorError } from "../store/store.ts";
import type { MirrorSchedules } from "./mirror_schedules.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import type { MonitorWork } from "./monitor_work.ts";
import { requireDescriptors } from "./require_descriptors.ts";
import { couldNotBegin, type MirrorScanRequest, RETRY } from "./scan_requests.ts";
import { Slots } from "./slots.ts";
import { type Due, startDue } from "./start_due.ts";

/** How many times as many scans of slow mirrors may run beside the others. */
const SLOW_SCANS = 4;

/**
 * The scans of mirrors that a monitor does, on schedule and on demand: no mirror is scanned twice at
 * once, and no more scans run than the configuration allows.
 */
export class MirrorScans {
  readonly #options: MonitorOptions;
  readonly #work: MonitorWork;
  readonly #schedules: MirrorSchedules;
  readonly #slots: Slots;
  readonly #slow: Slots;

  constructor(options: MonitorOptions, work: MonitorWork, schedules: MirrorSchedules) {
    this.#options = options;
    this.#work = work;
    this.#schedules = schedules;
    const most = (): number => Math.max(1, options.config().concurrentSync);
    this.#slots = new Slots(most);
    this.#slow = new Slots(() => SLOW_SCANS * most());
  }

  /** Starts those that are due, as far as slots are free; who waits for one comes first. */
  startDue(due: Due[]): void {
    this.#slots.serve();
    startDue(due, this.#slots, (mirror, slot) => this.#start(mirror, slot));
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryTake(): Disposable | null {
    return this.#slots.tryTake();
  }

  /**
   * Scans a mirror as soon as a slot is free.
   *
   * @throws {ScanError} when it failed, or a scan of this mirror runs already
   * @throws {NoSuchMirrorError}
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  async scanNow(id: number, request: MirrorScanRequest): Promise<MirrorScanResult> {
    const { store, pressure } = this.#options;
    const signal = AbortSignal.any([request.signal, this.#work.signal]);
    signal.throwIfAborted();
    const mirror = await store.mirror(id);
    if (mirror === null) throw new NoSuchMirrorError(id);
    requireDescriptors(pressure);
    const schedule = this.#schedules.of(id);
    if (schedule.scanning) {
      throw new ScanError("in_progress", "a scan of it is already in progress");
    }
    schedule.scanning = true;
    try {
      const slot = await this.#slots.take(signal);
      return await this.scanIn(slot, mirror, { ...request, signal });
    } finally {
      schedule.scanning = false;
    }
  }

  /** Scans a mirror in a slot, which is given back at the end, or before where the mirror is slow. */
  async scanIn(
    slot: Disposable,
    mirror: MirrorRecord,
    request: MirrorScanRequest,
  ): Promise<MirrorScanResult> {
    const { scanMirror, log, clock: { now } } = this.#options;
    const schedule = this.#schedules.of(mirror.id);
    using slots = new DisposableStack();
    slots.use(slot);
    const onSlow = (): void => {
      const place = this.#slow.tryTake();
      if (place === null) return;
      slots.use(place);
      slot[Symbol.dispose]();
      log.info(`Scan of ${mirror.name}: it is slow, others do not wait for it`);
      this.#work.wake();
    };
    try {
      const result = await scanMirror(mirror, { ...request, onSlow });
      schedule.scanned(now());
      if (result.timeZoneUnknown) schedule.waitForFiles();
      const { indexed, known, removed } = result;
      log.info(
        `Scan of ${mirror.name}: ${indexed} files indexed, ${known} known and ${removed} removed`,
      );
      if (!isUp(mirror)) schedule.wantCheck();
      this.#work.problems.solved(`scan ${mirror.id}`);
      return result;
    } catch (error) {
      if (couldNotBegin(error)) schedule.postponeScan(now() + RETRY);
      else if (!request.signal.aborted) schedule.scanned(now());
      throw error;
    }
  }

  #start(mirror: MirrorRecord, slot: Disposable): void {
    const { signal } = this.#work;
    const schedule = this.#schedules.of(mirror.id);
    schedule.scanning = true;
    this.#work.track(async () => {
      try {
        await this.scanIn(slot, mirror, { scheduled: true, signal });
      } catch (error) {
        // What the mirror itself did wrong was told by the scan.
        if (!(error instanceof ScanError) || error.reason === "no_url") {
          this.#work.report(`scan ${mirror.id}`, `Cannot scan ${mirror.name}`, error);
        }
      } finally {
        schedule.scanning = false;
        this.#work.wake();
      }
    });
  }
}

function isUp({ httpUp, httpsUp, httpDownReason, httpsDownReason }: MirrorRecord): boolean {
  return (httpUp || httpsUp) && httpDownReason === "" && httpsDownReason === "";
}
