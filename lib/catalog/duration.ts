/** What a duration is counted in. */
export type DurationUnit = "ms" | "s" | "min";

const MILLISECONDS: Record<DurationUnit, number> = { ms: 1, s: 1_000, min: 60_000 };

const UNITS: readonly (readonly [word: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/**
 * Reads a duration: a number, or one with a unit (`500ms`, `90s`, `30m`, `9h`, `14d`).
 *
 * @param text what somebody wrote
 * @param unit what a number without a unit counts, and what is given back
 * @returns a whole number, 0 or more; `null`: it is none, or no whole number of that unit
 */
export function parseDuration(text: string, unit: DurationUnit): number | null {
  const [, digits, word = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  const size = word === ""
    ? MILLISECONDS[unit]
    : UNITS.find(([name]) => name === word.toLowerCase())?.[1];
  if (size === undefined) return null;
  const value = Math.round(Number(digits) * size) / MILLISECONDS[unit];
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * Writes a duration in the largest unit of which it is a whole number.
 *
 * @param value in `unit`
 * @param unit what the value counts
 */
export function formatDuration(value: number, unit: DurationUnit): string {
  const milliseconds = value * MILLISECONDS[unit];
  const fitting = UNITS.find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return fitting ? `${milliseconds / fitting[1]}${fitting[0]}` : "0";
}
