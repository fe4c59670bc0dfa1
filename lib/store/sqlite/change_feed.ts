import type { Log } from "../../log/log.ts";
import type { StoreChange } from "../store.ts";

/** Tells listeners in this process of changes. */
export class ChangeFeed {
  readonly #listeners = new Set<{ call: (change: StoreChange) => void }>();
  readonly #log: Pick<Log, "error">;

  /** @param log gets the failures of listeners: a change is done, whatever they make of it */
  constructor(log: Pick<Log, "error">) {
    this.#log = log;
  }

  /** Calls `listener` for each change until the signal is aborted. */
  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const entry = { call: listener };
    this.#listeners.add(entry);
    signal.addEventListener("abort", () => this.#listeners.delete(entry), { once: true });
  }

  /** Tells everyone. */
  publish(change: StoreChange): void {
    for (const { call } of this.#listeners) {
      try {
        call(change);
      } catch (error) {
        this.#log.error(`Cannot act on a change of the store: ${error}`);
      }
    }
  }
}
