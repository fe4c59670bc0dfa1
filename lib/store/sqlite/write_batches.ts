import type { Connection } from "./connection.ts";
import { JournalRelief } from "./journal_relief.ts";
import { TimeSlice } from "./time_slice.ts";

/** Most items of one transaction. */
const MAXIMUM_ITEMS = 4000;

/** Milliseconds after which a transaction is closed: with its commit it stays below 5. */
const MAXIMUM_TIME = 2;

/** Items that are written at once; then the clock is read. */
const CHUNK = 100;

/** What goes with a large write. */
export interface WriteBatchesOptions<T> {
  /** Stops the write between two transactions. */
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called at the start of each transaction; what it throws ends the write. */
  readonly begin?: () => void;
  /** Called after each transaction with what it has written. */
  readonly committed?: (items: readonly T[]) => void;
  /** Keeps the journal short; default: one for this write. */
  readonly journal?: JournalRelief;
}

/**
 * Writes many items in transactions so small that nothing else on this thread waits for long.
 *
 * @param items what to write; read as they are written
 * @param write writes some items, inside a transaction
 * @throws the signal's reason when it is aborted: what was committed stays
 * @throws StoreUnavailableError
 */
export async function writeBatches<T>(
  connection: Connection,
  items: readonly T[],
  write: (items: readonly T[]) => void,
  options: WriteBatchesOptions<T>,
): Promise<void> {
  const { signal, now, begin, committed } = options;
  await using own = options.journal ? null : new JournalRelief(connection);
  const journal = options.journal ?? own!;
  const slice = new TimeSlice(now);
  let next = 0;
  while (next < items.length) {
    signal?.throwIfAborted();
    const first = next;
    next = connection.transaction(() => {
      begin?.();
      const end = now() + MAXIMUM_TIME;
      let item = first;
      do {
        const after = Math.min(item + CHUNK, items.length);
        write(items.slice(item, after));
        item = after;
      } while (item < items.length && item - first < MAXIMUM_ITEMS && now() < end);
      return item;
    });
    committed?.(items.slice(first, next));
    await journal.committed();
    await slice.turn();
  }
}
