import type { Clock, Timer } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import { StoreCondition } from "../condition.ts";
import { type StoreChange, StoreUnavailableError } from "../store.ts";
import { Availability } from "./availability.ts";
import type { Connection } from "./connection.ts";
import { FileWatch } from "./file_watch.ts";
import { TimeSlice } from "./time_slice.ts";
import { WriteProbe } from "./write_probe.ts";

/** What {@linkcode StoreAccess} works with. */
export interface StoreAccessOptions {
  readonly connection: Connection;
  /** Gets what goes wrong, and right again. */
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** By which the file is looked at from time to time; absent: it is not. */
  readonly clock?: Pick<Clock, "every"> | undefined;
  /** Told when the store cannot be written, can be again, or is in another condition. */
  readonly publish: (change: StoreChange) => void;
}

/** Milliseconds between two tries to write again. */
const TRY_AGAIN = 10_000;

/** How the embedded store reads and writes, and whether it can: what its tables do goes through here. */
export class StoreAccess implements Disposable {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #availability: Availability;
  readonly #condition: StoreCondition;
  readonly #file: FileWatch | null;
  readonly #timer: Timer | null;

  constructor({ connection, log, now, clock, publish }: StoreAccessOptions) {
    this.#connection = connection;
    this.#now = now;
    this.#availability = new Availability(connection.path, log, publish);
    this.#condition = new StoreCondition(() => publish({ type: "condition" }));
    // Whoever works in the background waits for a store that can be written: somebody has to try.
    this.#timer = clock?.every(TRY_AGAIN, () => {
      if (!this.#availability.available) void this.#tryAgain();
    }) ?? null;
    this.#file = clock === undefined ? null : new FileWatch({
      path: connection.path,
      clock,
      lost: (error) => {
        log.error(error.message);
        this.#condition.set("file", "the file of the store is gone, or not whole");
      },
    });
  }

  /** Whether the last write went well, and what is written lasts. */
  get available(): boolean {
    return this.#availability.available && (this.#file?.error ?? null) === null;
  }

  /** See `Store.trouble`. */
  get trouble(): string | null {
    const refuses = this.#availability.available ? null : "the store cannot be written";
    return [this.#condition.trouble, refuses].filter((text) => text !== null).join("; ") || null;
  }

  /** Reads; what goes wrong rejects. */
  read<T>(action: () => T): Promise<T> {
    return new Promise((resolve) => resolve(this.#connection.attempt(action)));
  }

  /** Reads a page at a time, with turns for others in between. */
  async *pages<T>(
    page: (after: number) => { files: T[]; last: number },
  ): AsyncGenerator<readonly T[]> {
    const slice = new TimeSlice(this.#now);
    let after = 0;
    while (true) {
      const from = after;
      const { files, last } = this.#connection.attempt(() => page(from));
      if (files.length === 0) return;
      yield files;
      after = last;
      await slice.turn();
    }
  }

  /** Writes in one transaction, unless what is written would be lost. */
  write<T>(action: () => T): Promise<T> {
    return this.watch(() =>
      new Promise((resolve) => resolve(this.#connection.transaction(action)))
    );
  }

  /** The same for what has its own transactions. */
  watch<T>(write: () => Promise<T>): Promise<T> {
    const error = this.#file?.error ?? null;
    return error === null ? this.#availability.watch(write) : Promise.reject(error);
  }

  /** Tells nothing more, and looks at the file no more. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#availability.end();
    this.#file?.[Symbol.dispose]();
  }

  async #tryAgain(): Promise<void> {
    const probe = new WriteProbe(this.#connection);
    try {
      await this.write(() => probe.put());
      await this.write(() => probe.remove());
    } catch (error) {
      // It stays as it is, which was told.
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}
