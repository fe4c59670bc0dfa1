import type { StoreTransfer } from "./transfer.ts";
import { addToTally, EMPTY_TALLY, type TransferTally } from "./transfer_tally.ts";

/** What {@linkcode copyStore} works with. */
export interface CopyStoreOptions {
  readonly from: StoreTransfer;
  /** Must be empty. */
  readonly to: StoreTransfer;
  /** Called after each piece with what was done so far. */
  readonly onProgress?: (phase: "copying" | "checking", done: TransferTally) => void;
  /** Stops the copy between two pieces. */
  readonly signal?: AbortSignal;
}

/**
 * Copies everything from one store into another: mirrors with their IDs, the index, counters of every
 * period, events. Then it reads back what was written and compares the numbers.
 *
 * @returns what was copied
 * @throws Error when the target is not empty, or the numbers differ at the end
 * @throws StoreUnavailableError
 */
export async function copyStore(options: CopyStoreOptions): Promise<TransferTally> {
  const { from, to, onProgress, signal } = options;
  if (!await to.isEmpty()) {
    throw new Error(`The target is not empty: ${to.description}; empty it, or name another`);
  }
  let copied = EMPTY_TALLY;
  for await (const part of from.export()) {
    signal?.throwIfAborted();
    await to.import(part);
    copied = addToTally(copied, part);
    onProgress?.("copying", copied);
  }
  let found = EMPTY_TALLY;
  for await (const part of to.export()) {
    signal?.throwIfAborted();
    found = addToTally(found, part);
    onProgress?.("checking", found);
  }
  const wrong = (Object.keys(copied) as (keyof TransferTally)[])
    .filter((key) => copied[key] !== found[key])
    .map((key) => `${key} ${copied[key]} there, ${found[key]} here`);
  if (wrong.length > 0) {
    throw new Error(
      `The copy differs (${wrong.join("; ")}): stop whatever uses one of the two stores, ` +
        "empty the target, and copy again",
    );
  }
  return copied;
}
