import { MirrorSchedule } from "./mirror_schedule.ts";

/** The schedule of every mirror, by its ID. */
export class MirrorSchedules {
  readonly #schedules = new Map<number, MirrorSchedule>();

  /** The schedule of a mirror: a new one where it has none. */
  of(id: number): MirrorSchedule {
    let schedule = this.#schedules.get(id);
    if (!schedule) this.#schedules.set(id, schedule = new MirrorSchedule());
    return schedule;
  }

  /** Every one. */
  all(): Iterable<MirrorSchedule> {
    return this.#schedules.values();
  }

  /** Forgets those of mirrors that are gone, where nothing runs. @param ids every mirror's */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const [id, { scanning, checking }] of this.#schedules) {
      if (!ids.has(id) && !scanning && !checking) this.#schedules.delete(id);
    }
  }
}
