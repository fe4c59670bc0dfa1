import type { Period } from "../store.ts";

const PERIOD = /^(?:\d{4}(?:-\d{2}(?:-\d{2})?)?)?$/;

/**
 * The number that stands for a period: 20261122, 202611, 2026, and 0 for all time.
 *
 * @throws RangeError when it is no period
 */
export function periodKey(period: Period): number {
  if (!PERIOD.test(period)) throw new RangeError(`Not a period: "${period}"`);
  return Number(period.replaceAll("-", ""));
}

/** The periods that a day belongs to: itself, its month, its year, all time. */
export function periodsOf(day: string): number[] {
  return [day, day.slice(0, 7), day.slice(0, 4), ""].map(periodKey);
}
