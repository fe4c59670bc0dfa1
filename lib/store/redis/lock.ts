import type { LockTarget, StoreLock } from "../store.ts";
import type { RedisConnection } from "./connection.ts";
import { lockKey } from "./keys.ts";
import { DEFAULT_TIMINGS, type RedisTimings } from "./redis_options.ts";
import { RELEASE_LOCK, RENEW_LOCK } from "./lock_scripts.ts";
import { sleep } from "./sleep.ts";

/**
 * Takes a lock.
 *
 * @returns `null` when someone else holds it
 */
export async function takeLock(
  connection: RedisConnection,
  target: LockTarget,
  timings: Partial<RedisTimings> = {},
): Promise<StoreLock | null> {
  const key = lockKey(target);
  const value = crypto.randomUUID();
  const { lockLife } = { ...DEFAULT_TIMINGS, ...timings };
  const seconds = Math.ceil(lockLife / 1000);
  const taken = await connection.run((redis) => redis.set(key, value, "EX", seconds, "NX"));
  return taken === null
    ? null
    : new RedisLock(connection, key, value, { ...DEFAULT_TIMINGS, ...timings });
}

/** A lock that renews itself. Its value is random, so that nobody frees the lock of another. */
class RedisLock implements StoreLock {
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  readonly #renewing: Promise<void>;

  readonly #connection: RedisConnection;
  readonly #key: string;
  readonly #value: string;
  readonly #timings: RedisTimings;

  constructor(connection: RedisConnection, key: string, value: string, timings: RedisTimings) {
    this.#connection = connection;
    this.#key = key;
    this.#value = value;
    this.#timings = timings;
    this.#renewing = this.#renew();
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#released.signal.aborted) return await this.#renewing;
    this.#released.abort();
    await this.#renewing;
    if (this.signal.aborted) return;
    // Unreachable now, it frees itself in a few seconds.
    await this.#connection.script(RELEASE_LOCK, this.#key, this.#value).catch(() => {});
  }

  /** Renews the lock until it is released, or until it may have run out. */
  async #renew(): Promise<void> {
    const { lockLife, lockRenewal } = this.#timings;
    const { signal } = this.#released;
    // Given up a little before it runs out: then another may take it.
    const giveUp = lockLife - Math.min(1_000, lockLife / 4);
    let deadline = setTimeout(() => this.#lose("could not be renewed in time"), giveUp);
    let pause = lockRenewal;
    while (true) {
      await sleep(pause, AbortSignal.any([signal, this.signal]));
      if (signal.aborted || this.signal.aborted) break;
      const seconds = Math.ceil(lockLife / 1000);
      const asked = setTimeout(() => this.#lose("could not be renewed in time"), giveUp);
      try {
        const kept = await this.#connection.script(RENEW_LOCK, this.#key, this.#value, seconds);
        if (kept !== 1) this.#lose("was taken away");
        clearTimeout(deadline);
        deadline = asked;
        pause = lockRenewal;
      } catch {
        clearTimeout(asked);
        pause = lockRenewal / 10;
      }
    }
    clearTimeout(deadline);
  }

  #lose(how: string): void {
    this.#lost.abort(new Error(`The lock "${this.#key}" ${how}`));
  }
}
