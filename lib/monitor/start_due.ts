import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Slots } from "./slots.ts";

/** A mirror that something is due for. */
export interface Due {
  readonly mirror: MirrorRecord;
  /** For how long, in milliseconds; `Infinity`: it was never done. */
  readonly overdue: number;
}

/** Starts what is due, the longest overdue first, as far as slots are free. */
export function startDue(
  due: Due[],
  slots: Slots,
  start: (mirror: MirrorRecord, slot: Disposable) => void,
): void {
  // Infinity minus Infinity is no number.
  due.sort((a, b) => (a.overdue === b.overdue ? 0 : b.overdue - a.overdue));
  for (const { mirror } of due) {
    const slot = slots.tryTake();
    if (slot === null) return;
    start(mirror, slot);
  }
}
