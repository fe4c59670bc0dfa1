import type { Connection } from "./connection.ts";
import { yieldTurn } from "./yield_turn.ts";

/** Most items of one transaction. */
const MAXIMUM_ITEMS = 2000;

/** Milliseconds after which a transaction is closed: with its commit it stays below 5. */
const MAXIMUM_TIME = 3;

/** The clock is read once for this many items. */
const CLOCK_INTERVAL = 32;

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
}

/**
 * Writes many items in transactions so small that nothing else on this thread waits for long.
 *
 * @param items what to write; read as they are written
 * @param write writes one item, inside a transaction
 * @throws the signal's reason when it is aborted: what was committed stays
 * @throws StoreUnavailableError
 */
export async function writeBatches<T>(
  connection: Connection,
  items: readonly T[],
  write: (item: T) => void,
  { signal, now, begin, committed }: WriteBatchesOptions<T>,
): Promise<void> {
  let next = 0;
  while (next < items.length) {
    signal?.throwIfAborted();
    const first = next;
    next = connection.transaction(() => {
      begin?.();
      const last = Math.min(items.length, first + MAXIMUM_ITEMS);
      const end = now() + MAXIMUM_TIME;
      let item = first;
      while (item < last) {
        write(items[item]!);
        item++;
        if (item % CLOCK_INTERVAL === 0 && now() >= end) break;
      }
      return item;
    });
    committed?.(items.slice(first, next));
    if (next < items.length) await yieldTurn();
  }
}
