/** Milliseconds that the most patient attempt allows an operation. */
const LONGEST = 30_000;

/**
 * Tries something that ends on a time limit, with a longer limit while another end than the expected one
 * came first: on a busy machine a step before may take longer than the shortest.
 *
 * @param shortest milliseconds of the first attempt; each one after it has four times as long
 * @param attempt what is tried, with milliseconds for one operation
 * @param expected whether it ended as it should
 * @returns how it ended: as expected, or otherwise for all patience
 */
export async function withPatience<T>(
  shortest: number,
  attempt: (operation: number) => Promise<T>,
  expected: (end: T) => boolean,
): Promise<T> {
  for (let operation = shortest;; operation *= 4) {
    const end = await attempt(operation);
    if (expected(end) || operation * 4 > LONGEST) return end;
  }
}
