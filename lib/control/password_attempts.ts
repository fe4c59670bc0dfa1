import { LRUCache } from "lru-cache";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { parseAddress } from "../net/address_range.ts";
import { ControlError } from "./api/control_error.ts";

/** A wrong password, as opposed to none. */
export class WrongPasswordError extends ControlError {
  constructor() {
    super("unauthorized", "Password refused");
  }
}

/** Wrong passwords that an address may give before it has to wait. */
const FREE = 5;

/** Milliseconds between two passwords of an address that gave more wrong ones. */
const INTERVAL = 1_000;

/** Milliseconds that a request waits at most; those after it are refused unread. */
const LONGEST_WAIT = 10_000;

/** Milliseconds after its last wrong password that an address is forgotten. */
const FORGOTTEN_AFTER = 600_000;

/** Addresses that are remembered; of more, those go that were heard of longest ago. */
const MOST_ADDRESSES = 1_000;

/** What is known of an address. */
interface Attempts {
  readonly failures: number;
  /** When the last wrong password came, in milliseconds since the epoch. */
  readonly last: number;
  /** When the next password is looked at, in milliseconds since the epoch. */
  readonly next: number;
}

/** Slows those down who guess the password of the control API, by their address, and logs them. */
export class PasswordAttempts {
  readonly #known = new LRUCache<string, Attempts>({ max: MOST_ADDRESSES });
  readonly #now: () => number;
  readonly #delay: Clock["delay"];
  readonly #log: Pick<Log, "warn">;

  /** @param options `now` gives milliseconds since the epoch */
  constructor(
    { now, delay, log }: Pick<Clock, "now" | "delay"> & { readonly log: Pick<Log, "warn"> },
  ) {
    this.#now = now;
    this.#delay = delay;
    this.#log = log;
  }

  /** Addresses that are remembered now. */
  get size(): number {
    return this.#known.size;
  }

  /**
   * Looks at the password of a request, once it is its turn. The right one waits like any other:
   * else it could be told from the wrong ones, however many came at once.
   *
   * @param address of the client; of an IPv6 address the network (/64) counts
   * @param check throws {@linkcode WrongPasswordError} when it is wrong
   * @throws {ControlError} what `check` throws, and `unauthorized` where too many wait already
   */
  async judge(address: string, check: () => void): Promise<void> {
    const key = networkOf(address);
    const wait = this.#turn(key, address);
    if (wait > 0) await this.#delay(wait);
    try {
      check();
    } catch (error) {
      if (error instanceof WrongPasswordError) this.#failed(key, address);
      throw error;
    }
    this.#known.delete(key);
  }

  /** Milliseconds until it is the turn of a request that came now. */
  #turn(key: string, address: string): number {
    const now = this.#now();
    const known = this.#known.get(key);
    // A clock that went back must lock nobody out.
    const old = known && (now - known.last > FORGOTTEN_AFTER || known.last > now + LONGEST_WAIT);
    if (!known || old) {
      this.#known.delete(key);
      return 0;
    }
    if (known.failures < FREE) return 0;
    const wait = Math.max(0, known.next - now);
    if (wait > LONGEST_WAIT) {
      throw new ControlError(
        "unauthorized",
        `Too many wrong passwords came from ${address}: wait ${Math.ceil(wait / 1000)} seconds`,
      );
    }
    this.#known.set(key, { ...known, next: now + wait + INTERVAL });
    return wait;
  }

  #failed(key: string, address: string): void {
    const now = this.#now();
    const { failures, next } = this.#known.get(key) ?? { failures: 0, next: 0 };
    this.#known.set(key, {
      failures: failures + 1,
      last: now,
      next: Math.max(next, now + INTERVAL),
    });
    const slowed = failures + 1 === FREE ? "; further ones have to wait" : "";
    this.#log.warn(`Control API: wrong password from ${address}${slowed}`);
  }
}

/** Who has one address of an IPv6 network has all of them. */
function networkOf(address: string): string {
  const bytes = parseAddress(address);
  return bytes === null ? address : bytes.slice(0, bytes.length === 4 ? 4 : 8).toHex();
}
