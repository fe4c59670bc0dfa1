/** So many files are written at once: two of these are under 5 ms of Redis' time, also on a busy machine. */
const BATCH = 100;

/**
 * Writes a long list in batches. While Redis works on one, the next is prepared and sent: there are
 * never more than two on the way.
 *
 * @param list read only as far as it was written
 * @param toArguments what the script wants to know of one item
 * @param signal ends it between two batches
 * @param write writes one batch, a JSON array (one text is sent several times as fast as many), of those
 *   items
 * @throws whatever the signal was aborted with, or `write` throws; batches before are written
 */
export async function writeBatches<T>(
  list: readonly T[],
  toArguments: (item: T) => readonly string[],
  signal: AbortSignal,
  write: (batch: string, items: readonly T[]) => Promise<void>,
): Promise<void> {
  let last = Promise.resolve();
  let beforeLast = last;
  try {
    for (let start = 0; start < list.length; start += BATCH) {
      const items = list.slice(start, start + BATCH);
      const args = items.flatMap(toArguments);
      // A lone surrogate, which no UTF-8 makes, would end the script.
      const batch = JSON.stringify(args.map((text) => text.toWellFormed()));
      await beforeLast;
      signal.throwIfAborted();
      beforeLast = last;
      last = write(batch, items);
      // It is awaited above or below; until then a failure must not count as unhandled.
      last.catch(() => {});
    }
  } finally {
    await Promise.all([beforeLast, last]);
  }
  signal.throwIfAborted();
}
