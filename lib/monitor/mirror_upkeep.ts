import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorScans } from "./mirror_scans.ts";
import type { MirrorSchedule } from "./mirror_schedule.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import type { MonitorWork } from "./monitor_work.ts";
import { canBeScanned } from "./can_be_scanned.ts";
import { downtimeStep } from "./downtime_step.ts";
import { gaveUp } from "./gave_up.ts";
import { keepDowntime } from "./keep_downtime.ts";
import { notScannedFor } from "./not_scanned_for.ts";

/** Milliseconds after which the end of a downtime is tried again. */
const DOWNTIME_RETRY = 10 * 60_000;

/**
 * Milliseconds for which nobody looked, or by which the clock was set, that make what was seen before count
 * no more: nobody knows how mirrors were meanwhile.
 */
const GAP = 5 * 60_000;

/** What a monitor does with mirrors by the clock alone: the age of listings, downtimes, giving up. */
export class MirrorUpkeep {
  readonly #options: MonitorOptions;
  readonly #work: MonitorWork;
  readonly #scans: MirrorScans;
  /** When this node began to look without a gap, on the clock that is never set. */
  #began: number;
  /** When it looked last, on that clock, and what the time of day was ahead of it. */
  #looked: number;
  #ahead: number;

  constructor(options: MonitorOptions, work: MonitorWork, scans: MirrorScans) {
    this.#options = options;
    this.#work = work;
    this.#scans = scans;
    this.#began = this.#looked = options.clock.elapsed();
    this.#ahead = options.clock.now() - this.#looked;
  }

  /** Begins what a mirror of this node needs now. @param time milliseconds since the epoch */
  look(mirror: MirrorRecord, schedule: MirrorSchedule, time: number): void {
    this.#noticeGap();
    this.#judgeAge(mirror, schedule, time);
    this.#keepDowntime(mirror, schedule, time);
    this.#giveUp(mirror, schedule, time);
  }

  /** Begins to look anew after the store was away, the machine slept, or its clock was set. */
  #noticeGap(): void {
    const { clock } = this.#options;
    const elapsed = clock.elapsed();
    const ahead = clock.now() - elapsed;
    if (elapsed - this.#looked > GAP || Math.abs(ahead - this.#ahead) > GAP) this.#began = elapsed;
    this.#looked = elapsed;
    this.#ahead = ahead;
  }

  /** Writes whether a mirror was scanned too long ago to serve, where that changed. */
  #judgeAge(mirror: MirrorRecord, schedule: MirrorSchedule, time: number): void {
    const { config, store } = this.#options;
    const age = notScannedFor(mirror, config(), time);
    if (age === mirror.notScannedFor || schedule.judging || !mirror.enabled) return;
    schedule.judging = true;
    this.#work.track(async () => {
      try {
        await store.updateMirrorState(mirror.id, { notScannedFor: age });
      } catch (error) {
        this.#work.report(`age ${mirror.id}`, `Cannot judge ${mirror.name}`, error);
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
    this.#work.track(async () => {
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
        this.#work.report(`use ${mirror.id}`, `Cannot disable ${mirror.name}`, error);
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
    const { signal } = this.#work;
    schedule.planning = true;
    schedule.scanning = scanned;
    this.#work.track(async () => {
      using _slot = slot;
      try {
        const failed = await keepDowntime({
          ...{ id: mirror.id, store, log, now: clock.now, tell: again === null },
          scan: slot === null
            ? null
            : (current) => this.#scans.scanIn(slot, current, { scheduled: true, signal }),
        });
        if (failed) schedule.noEndBefore = clock.now() + DOWNTIME_RETRY;
      } catch (error) {
        this.#work.report(
          `downtime ${mirror.id}`,
          `Cannot follow the plan of ${mirror.name}`,
          error,
        );
      } finally {
        schedule.planning = false;
        if (scanned) schedule.scanning = false;
        this.#work.wake();
      }
    });
  }
}
