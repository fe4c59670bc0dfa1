import type { Hour, Period } from "../download_counts.ts";

const PERIOD = /^(?:\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2})?)?)?)?$/;

/**
 * The number that stands for a period: 2026112215 is an hour, 20261122 a day, 202611 a month, 2026 a
 * year, and 0 all time.
 *
 * @throws RangeError when it is no period
 */
export function periodKey(period: Hour | Period): number {
  if (!PERIOD.test(period)) throw new RangeError(`Not a period: "${period}"`);
  return Number(period.replaceAll(/[-T]/g, ""));
}

/** The periods that a day belongs to: itself, its month, its year, all time. */
export function periodsOf(day: string): number[] {
  return [day, day.slice(0, 7), day.slice(0, 4), ""].map(periodKey);
}

/** The period that a number stands for. */
export function periodOf(key: number): Hour | Period {
  if (key === 0) return "";
  const text = String(key);
  const parts = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
  const day = parts.filter((part) => part !== "").join("-");
  return text.length > 8 ? `${day}T${text.slice(8)}` : day;
}
