/**
 * The months by which it is judged who serves much: this one and the last.
 *
 * @param now milliseconds since the epoch
 * @returns as counters name them: `2026-11`
 */
export function latePeriods(now: number): [string, string] {
  const date = new Date(now);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1));
  return [date.toISOString().slice(0, 7), last.toISOString().slice(0, 7)];
}
