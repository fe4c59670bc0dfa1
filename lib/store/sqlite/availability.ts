import type { Log } from "../../log/log.ts";
import { type StoreChange, StoreUnavailableError } from "../store.ts";

/** Knows whether the store can be written, and tells once when that changes. */
export class Availability {
  readonly #path: string;
  readonly #log: Pick<Log, "info" | "error">;
  readonly #publish: (change: StoreChange) => void;
  #available = true;
  #ended = false;

  /** @param path the database file, for the log */
  constructor(
    path: string,
    log: Pick<Log, "info" | "error">,
    publish: (change: StoreChange) => void,
  ) {
    this.#path = path;
    this.#log = log;
    this.#publish = publish;
  }

  /** Whether the last write went well. */
  get available(): boolean {
    return this.#available;
  }

  /** Writes, and notices how that goes. */
  async watch<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write();
      this.#set(true, `The store "${this.#path}" can be written again`);
      return result;
    } catch (error) {
      if (error instanceof StoreUnavailableError) this.#set(false, error.message);
      throw error;
    }
  }

  /** Tells nothing more: the store is being closed, and what was running fails for that. */
  end(): void {
    this.#ended = true;
  }

  #set(available: boolean, message: string): void {
    if (this.#ended || this.#available === available) return;
    this.#available = available;
    if (available) this.#log.info(message);
    else this.#log.error(message);
    this.#publish({ type: "availability", available });
  }
}
