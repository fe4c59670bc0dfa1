/**
 * Takes from a time what a listing does not tell.
 *
 * @param time milliseconds since the epoch
 * @param precision milliseconds; 0: it tells everything
 */
export function truncateTime(time: number, precision: number): number {
  return precision > 0 ? Math.floor(time / precision) * precision : time;
}
