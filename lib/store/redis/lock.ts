import type { LockTarget, StoreLock } from "../store_lock.ts";
import type { RedisConnection } from "./connection.ts";
import { lockKey } from "./keys.ts";
import { DEFAULT_TIMINGS, type RedisOptions, type RedisTimings } from "./redis_options.ts";
import type { Script } from "./script.ts";

/**
 * Takes a lock.
 *
 * @returns `null` when someone else holds it
 */
export async function takeLock(
  connection: RedisConnection,
  target: LockTarget,
  { clock, timings = {} }: Pick<RedisOptions, "clock" | "timings">,
): Promise<StoreLock | null> {
  const key = lockKey(target);
  const value = crypto.randomUUID();
  const { lockLife } = { ...DEFAULT_TIMINGS, ...timings };
  const seconds = Math.ceil(lockLife / 1000);
  const taken = await connection.run((redis) => redis.set(key, value, "EX", seconds, "NX"));
  return taken === null
    ? null
    : new RedisLock(connection, key, value, { ...DEFAULT_TIMINGS, ...timings }, clock);
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
  readonly #clock: RedisOptions["clock"];

  constructor(
    connection: RedisConnection,
    key: string,
    value: string,
    timings: RedisTimings,
    clock: RedisOptions["clock"],
  ) {
    this.#clock = clock;
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
    const clock = this.#clock;
    // Given up a little before it runs out: then another may take it.
    const giveUp = lockLife - Math.min(1_000, lockLife / 4);
    const lose = (): void => this.#lose("could not be renewed in time");
    let deadline = clock.after(giveUp, lose);
    let pause = lockRenewal;
    while (true) {
      await clock.delay(pause, AbortSignal.any([signal, this.signal]));
      if (signal.aborted || this.signal.aborted) break;
      const life = Math.ceil(lockLife / 1000) * 1000;
      const asked = clock.after(giveUp, lose);
      try {
        const kept = await this.#connection.script(RENEW_LOCK, this.#key, this.#value, life);
        if (kept !== 1) this.#lose("was taken away");
        deadline[Symbol.dispose]();
        deadline = asked;
        pause = lockRenewal;
      } catch {
        asked[Symbol.dispose]();
        pause = lockRenewal / 10;
      }
    }
    deadline[Symbol.dispose]();
  }

  #lose(how: string): void {
    this.#lost.abort(new Error(`The lock "${this.#key}" ${how}`));
  }
}

/** Arguments: key, value, milliseconds. Answers 1 when the lock is still ours and was renewed. */
export const RENEW_LOCK: Script = {
  name: "renewLock",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('PEXPIRE', ARGV[1], ARGV[3])`,
};

/** Arguments: key, value. Frees a lock if it is still ours. */
export const RELEASE_LOCK: Script = {
  name: "releaseLock",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('DEL', ARGV[1])`,
};
