import type { Redis } from "ioredis";
import type { ChangeFeed } from "./change_feed.ts";
import { CHANNELS } from "./channels.ts";
import { RedisConnection } from "./connection.ts";
import { guardMessages } from "./guard_messages.ts";
import { isForbidden } from "./redis_error.ts";
import { DEFAULT_TIMINGS, type RedisOptions } from "./redis_options.ts";

/** What the owner of a subscription is told. */
export interface SubscriberHooks {
  /** Messages arrive from now on; those before may have been missed. */
  up(): void;
  /** Messages do not arrive. */
  down(error: unknown): void;
}

/** The connection that only listens. */
export class Subscriber implements AsyncDisposable {
  /** A channel that nobody else listens to, and this connection only together with all others. */
  readonly ownChannel = `_mirrorbits_node_${crypto.randomUUID()}`;
  readonly #connection: RedisConnection;
  readonly #closing = new AbortController();
  readonly #pinging: Promise<void>;

  readonly #feed: ChangeFeed;
  readonly #clock: RedisOptions["clock"];

  constructor(options: RedisOptions, feed: ChangeFeed, hooks: SubscriberHooks) {
    this.#feed = feed;
    this.#clock = options.clock;
    this.#connection = new RedisConnection(options, {
      prepare: (redis) => this.#subscribe(redis),
      up: () => hooks.up(),
      down: (error) => hooks.down(error),
    });
    this.#pinging = this.#ping({ ...DEFAULT_TIMINGS, ...options.timings }.ping);
  }

  /** Fulfilled after the first attempt to subscribe, however it ended. */
  get attempted(): Promise<void> {
    return this.#connection.attempted;
  }

  /** Whether messages arrive now. */
  get available(): boolean {
    return this.#connection.available;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#connection[Symbol.asyncDispose]();
    await this.#pinging;
  }

  async #subscribe(redis: Redis): Promise<void> {
    guardMessages(redis);
    redis.on("message", (channel, message) => this.#feed.receive(channel, message));
    await redis.subscribe(...Object.values(CHANNELS));
    // Where it is forbidden, whatever is written is published: that is all it saves.
    await redis.subscribe(this.ownChannel).catch((error) => {
      if (!isForbidden(error)) throw error;
    });
  }

  /**
   * Asks for a sign of life now and then: between two messages hours may pass, in which a dead
   * connection would not be noticed, and a live one be taken for dead by what lies between.
   */
  async #ping(every: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#clock.delay(every, signal);
      // No answer closes the connection, which is all that has to happen.
      await this.#connection.run((redis) => redis.ping()).catch(() => {});
    }
  }
}
