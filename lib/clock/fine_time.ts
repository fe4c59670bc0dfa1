/** The largest part of a millisecond that the download log shows. */
const NEARLY_ONE = 0.999;

/**
 * Makes a wall clock that shows parts of a millisecond, which the machine's own does not. It follows
 * the machine's from each call to the next, so that it jumps when that is set, and goes back only then.
 *
 * @param wall milliseconds since the epoch
 * @param elapsed milliseconds since whatever moment, with a fraction
 * @returns milliseconds since the epoch, with a fraction
 */
export function createFineTime(wall: () => number, elapsed: () => number): () => number {
  let offset = NaN;
  return () => {
    const [whole, passed] = [wall(), elapsed()];
    const time = passed + offset;
    if (time >= whole && time <= whole + NEARLY_ONE) return time;
    // The two run apart a little, and by days when the clock is set.
    const exact = time > whole && time < whole + 2 ? whole + NEARLY_ONE : whole;
    offset = exact - passed;
    return exact;
  };
}
