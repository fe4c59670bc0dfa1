const PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a time as Go puts it into JSON: RFC 3339 with a fraction of any length, in any zone.
 *
 * @returns milliseconds since the epoch, cut to whole ones; `null` when the text is no such time
 */
export function parseJsonTime(text: unknown): number | null {
  const match = typeof text === "string" ? PATTERN.exec(text) : null;
  if (!match) return null;
  const [, dateAndTime, fraction = "", zone] = match;
  const time = Date.parse(`${dateAndTime}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`);
  return Number.isNaN(time) ? null : time;
}

/**
 * Writes a time as Go puts it into JSON, in UTC: the fraction only as long as needed.
 *
 * @param time milliseconds since the epoch
 */
export function formatJsonTime(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/, "Z");
}
