import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";

/** Milliseconds for which what was read holds. */
const LIFE = 10_000;

/** Readings that are remembered at most; then the oldest is forgotten. */
const MOST = 64;

/** Readings that wait for their turn at most. */
const MOST_WAITING = 32;

/**
 * Remembers statistics for a moment, so that nobody can keep the store busy by asking again and again.
 * Of what is not remembered, one thing is read at a time.
 */
export class StatsMemory {
  readonly #read = new Map<string, { readonly time: number; readonly value: Promise<unknown> }>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /**
   * Reads something, or remembers it.
   *
   * @param key names it, and everything that it depends on
   * @param now milliseconds since the epoch
   * @param read reads it
   * @throws whatever `read` throws, which is not remembered
   * @throws StoreUnavailableError when too many wait already
   */
  async of<T>(key: string, now: number, read: () => MaybePromise<T>): Promise<T> {
    const known = this.#read.get(key);
    if (known !== undefined && Math.abs(now - known.time) < LIFE) return await known.value as T;
    if (this.#waiting >= MOST_WAITING) {
      throw new StoreUnavailableError("Too many ask for statistics at once");
    }
    this.#waiting++;
    const value = this.#last.then(read, read);
    this.#last = value.catch(() => {}).then(() => this.#waiting--);
    this.#read.delete(key);
    if (this.#read.size >= MOST) this.#read.delete(this.#read.keys().next().value!);
    this.#read.set(key, { time: now, value });
    try {
      return await value;
    } catch (error) {
      if (this.#read.get(key)?.value === value) this.#read.delete(key);
      throw error;
    }
  }
}
