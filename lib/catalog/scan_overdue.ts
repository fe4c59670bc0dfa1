/**
 * How old the last good listing of a mirror may be before people should know: twice the interval, and at
 * least an hour.
 *
 * @param scanInterval minutes between two scans
 * @returns milliseconds
 */
export function scanOverdue(scanInterval: number): number {
  return Math.max(60, 2 * scanInterval) * 60_000;
}
