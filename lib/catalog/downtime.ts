/** A time in which a mirror is off by the operator's plan. Times are milliseconds since the epoch. */
export interface Downtime {
  /** When it begins. */
  readonly from: number;
  /** When it ends: then the mirror is scanned, and on again; `null`: when somebody enables it. */
  readonly until: number | null;
  /** For the operator's colleagues; empty: none is given. Never public. */
  readonly reason: string;
  /** Whether the mirror was disabled for it. */
  readonly started: boolean;
  /** Who planned it; empty: nobody knows. */
  readonly by: string;
}

/** Whether a mirror is off by plan now: nobody need be told that it is down, or disabled. */
export function isInDowntime(
  { downtime, enabled }: { readonly downtime: Downtime | null; readonly enabled: boolean },
  now: number,
): boolean {
  if (downtime === null) return false;
  return downtime.started ? !enabled : now >= downtime.from && !hasPassed(downtime, now);
}

/** Whether a plan that never began is over. */
export function hasPassed({ until }: Downtime, now: number): boolean {
  return until !== null && now >= until;
}

/** `planned downtime until 2026-12-01 02:00 UTC`: for anybody. */
export function downtimeText({ until }: Pick<Downtime, "until">): string {
  return until === null ? "planned downtime" : `planned downtime until ${minuteText(until)}`;
}

/** `2026-12-01 02:00 UTC`. @param time milliseconds since the epoch, or as JSON has it */
export function minuteText(time: number | string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
