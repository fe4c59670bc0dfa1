import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorSchedules } from "./mirror_schedules.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import type { MonitorWork } from "./monitor_work.ts";
import { Slots } from "./slots.ts";
import { type Due, startDue } from "./start_due.ts";

const CONCURRENT_CHECKS = 10;

/** The health checks of a monitor. */
export class MirrorChecks {
  readonly #options: MonitorOptions;
  readonly #work: MonitorWork;
  readonly #schedules: MirrorSchedules;
  readonly #slots = new Slots(() => CONCURRENT_CHECKS);

  constructor(options: MonitorOptions, work: MonitorWork, schedules: MirrorSchedules) {
    this.#options = options;
    this.#work = work;
    this.#schedules = schedules;
  }

  /** Starts those that are due, as far as slots are free. */
  startDue(due: Due[]): void {
    startDue(due, this.#slots, (mirror, slot) => this.#start(mirror, slot));
  }

  #start(mirror: MirrorRecord, slot: Disposable): void {
    const { checkHealth, checkCertificate, clock, config } = this.#options;
    const { signal } = this.#work;
    const schedule = this.#schedules.of(mirror.id);
    schedule.checkStarted(clock.now());
    this.#work.track(async () => {
      using _slot = slot;
      try {
        const { busy } = schedule;
        const hold = schedule.mustScanFirst(mirror, config(), clock.now());
        const outcome = await checkHealth(mirror, { busy, hold, signal });
        schedule.checked(outcome, config(), clock.now());
        if (schedule.certificateDue(mirror, clock.now())) {
          await checkCertificate?.(mirror, signal);
        }
      } catch (error) {
        this.#work.report(`check ${mirror.id}`, `Cannot check ${mirror.name}`, error);
      } finally {
        schedule.checking = false;
        this.#work.wake();
      }
    });
  }
}
