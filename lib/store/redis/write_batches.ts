/** So many files are written at once: about half a millisecond of Redis' time. */
const BATCH = 60;

/**
 * Writes a long list in batches. While Redis works on one, the next is prepared and sent: there are
 * never more than two on the way, which Redis may do one right after the other.
 *
 * @param list read only as far as it was written
 * @param toArguments what the script wants to know of one item, as many texts for each
 * @param signal ends it between two batches
 * @param write writes one batch, of those items, and gives how many of them it wrote: one at least, from
 *   the first one on; the others are given again. The batch is a JSON array of arrays: the first text of
 *   each item, the second of each, … (one long text is sent several times as fast as many short ones)
 * @throws whatever the signal was aborted with, or `write` throws; batches before are written
 */
export async function writeBatches<T>(
  list: readonly T[],
  toArguments: (item: T) => readonly string[],
  signal: AbortSignal,
  write: (batch: string, items: readonly T[]) => Promise<number>,
): Promise<void> {
  const writeAll = async (batch: string, items: readonly T[]): Promise<void> => {
    for (let written = await write(batch, items); written < items.length;) {
      signal.throwIfAborted();
      const rest = items.slice(written);
      written += await write(columns(rest, toArguments), rest);
    }
  };
  let last = Promise.resolve();
  let beforeLast = last;
  try {
    for (let start = 0; start < list.length; start += BATCH) {
      const items = list.slice(start, start + BATCH);
      const batch = columns(items, toArguments);
      await beforeLast;
      signal.throwIfAborted();
      beforeLast = last;
      last = writeAll(batch, items);
      // It is awaited above or below; until then a failure must not count as unhandled.
      last.catch(() => {});
    }
  } finally {
    await Promise.all([beforeLast, last]);
  }
  signal.throwIfAborted();
}

function columns<T>(items: readonly T[], toArguments: (item: T) => readonly string[]): string {
  const columns: string[][] = [];
  for (const item of items) {
    const texts = toArguments(item);
    for (let i = 0; i < texts.length; i++) {
      // A lone surrogate, which no UTF-8 makes, would end the script.
      (columns[i] ??= []).push(texts[i]!.toWellFormed());
    }
  }
  return JSON.stringify(columns);
}
