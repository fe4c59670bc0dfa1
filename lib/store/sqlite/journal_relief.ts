import { Checkpointer, mayCheckpoint } from "./checkpointer.ts";
import type { Connection } from "./connection.ts";

/** Pages in the journal from which on SQLite moves them itself, by default. */
const OWN_LIMIT = 1000;

/** Transactions after which a write is so large that a thread is worth its start. */
const LARGE = 8;

/** Transactions between two checkpoints: about as many as fill those pages. */
const INTERVAL = 24;

/**
 * Keeps the journal of a large write short, so that no transaction has to: while a checkpoint is made
 * elsewhere, the write pauses.
 */
export class JournalRelief implements AsyncDisposable {
  readonly #connection: Connection;
  #checkpointer: Checkpointer | null = null;
  #transactions = 0;

  /** @param connection the one that writes */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Takes note that a transaction was committed. */
  async committed(): Promise<void> {
    this.#transactions++;
    if (this.#transactions === LARGE && mayCheckpoint()) {
      this.#checkpointer = new Checkpointer(this.#connection.path);
      this.#setLimit(0);
    }
    if (this.#transactions % INTERVAL === 0) await this.#relieve();
  }

  /** Leaves the journal as short as it can be, and to SQLite. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#checkpointer === null) return;
    try {
      await this.#relieve();
      this.#setLimit(OWN_LIMIT);
    } finally {
      await this.#checkpointer[Symbol.asyncDispose]();
    }
  }

  async #relieve(): Promise<void> {
    const relieved = await this.#checkpointer?.run() ?? false;
    // Another write may have ended meanwhile, and have left the journal to SQLite.
    this.#setLimit(relieved ? 0 : OWN_LIMIT);
  }

  #setLimit(pages: number): void {
    if (this.#connection.closed) return;
    this.#connection.execute(`PRAGMA wal_autocheckpoint = ${pages}`);
  }
}
