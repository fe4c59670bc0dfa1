import { backup, type DatabaseSync, type StatementSync } from "node:sqlite";
import { StoreUnavailableError } from "../store.ts";
import { message, storeError } from "./store_error.ts";

/** More pages than a database can have, as far as the interface takes. */
const ALL_PAGES = 2 ** 31 - 1;

/** A connection to the database, with errors in words and transactions. */
export class Connection implements Disposable {
  readonly #database: DatabaseSync;
  #closed = false;

  /**
   * @param database an open database; belongs to the connection from now on
   * @param path its file, for messages
   */
  constructor(database: DatabaseSync, readonly path: string) {
    this.#database = database;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Prepares a statement once; what runs it should do so within {@linkcode attempt}. */
  prepare(sql: string): StatementSync {
    return this.attempt(() => this.#database.prepare(sql));
  }

  /** Runs statements that give nothing back. @throws StoreUnavailableError */
  execute(sql: string): void {
    this.attempt(() => this.#database.exec(sql));
  }

  /**
   * Copies the whole database as it is at one moment, into an empty file. (`VACUUM INTO` attaches a
   * database, which Deno forbids whoever may not do everything.)
   *
   * @param path of that file
   * @throws StoreUnavailableError
   */
  async copyTo(path: string): Promise<void> {
    // In several steps it would begin anew whenever another process writes.
    await this.attemptAsync(() => backup(this.#database, path, { rate: ALL_PAGES }));
  }

  /** Runs `action`. @throws StoreUnavailableError in the place of SQLite's own errors */
  attempt<T>(action: () => T): T {
    try {
      this.#refuseClosed();
      return action();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /** Runs `action`, with turns for others in it. @throws StoreUnavailableError likewise */
  async attemptAsync<T>(action: () => Promise<T>): Promise<T> {
    try {
      this.#refuseClosed();
      return await action();
    } catch (error) {
      this.#refuseClosed();
      throw storeError(error, this.path);
    }
  }

  /**
   * Runs `action` in a write transaction: all of it is kept, or nothing when it throws.
   *
   * @throws StoreUnavailableError
   */
  transaction<T>(action: () => T): T {
    return this.attempt(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = action();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** Closes the database; whatever is asked later fails. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  /** SQLite's own words depend on the statement and the version. */
  #refuseClosed(): void {
    if (this.#closed) throw new StoreUnavailableError(message(this.path, "it is closed"));
  }

  /** Some failures, a full disk among them, have ended the transaction already. */
  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // The failure that led here is the one to tell.
    }
  }
}
