import { formatHostPort } from "../../net/host_port.ts";
import type { Redis } from "ioredis";
import { StoreUnavailableError } from "../store.ts";
import { findPrimary } from "./find_primary.ts";
import { shakeHands } from "./handshake.ts";
import { closeClient, plainClient, type SocketWatch, watchSocket } from "./plain_client.ts";
import {
  isForbidden,
  isWrongType,
  meansDown,
  reasonOf,
  RedisRefusedError,
  refusesWrites,
} from "./redis_error.ts";
import {
  DEFAULT_TIMINGS,
  type RedisOptions,
  type ServerAddress,
  serverText,
} from "./redis_options.ts";
import { numberReply, textReply } from "./reply.ts";
import { runScript, type Script } from "./script.ts";
import type { ServerInfo } from "./server_info.ts";
import { wrongKey, wrongTypeError } from "./wrong_key.ts";

/** Milliseconds that a replica has to confirm what was written. */
const REPLICATION = 300;

/** The answer of a command that found a key of another type. */
export const WRONG_TYPE: unique symbol = Symbol("WRONGTYPE");

/** Name and arguments of a command. */
export type Command = readonly [string, ...(string | number)[]];

/** What the owner of a connection is told and asked. */
export interface ConnectionHooks {
  /** Finishes the preparations of a fresh connection; when it throws, the connection is not used. */
  prepare?(redis: Redis): Promise<void>;
  /** The connection can be used. */
  up?(info: ServerInfo): void;
  /** The connection broke, or an attempt failed. */
  down?(error: unknown): void;
  /** The server answers, but refuses to write. */
  refused?(error: unknown): void;
  /** The server answers, but forbids something to this user. */
  forbidden?(error: unknown): void;
  /** A key that is needed holds another type than it should. */
  wrongType?(key: string): void;
}

/**
 * A connection to Redis that comes back by itself. While it is down every command fails at once; a
 * command is never sent twice, and never waits for a connection.
 */
export class RedisConnection implements AsyncDisposable {
  /** Fulfilled after the first attempt, however it ended; then {@linkcode lastError} tells. */
  readonly attempted: Promise<void>;
  /** Why the last attempt failed or the connection broke; `null` while it is up. */
  lastError: unknown = null;
  /** The server that is used, or was last; `null` while none was found. */
  address: ServerAddress | null = null;
  #redis: Redis | null = null;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  readonly #options: RedisOptions;
  readonly #hooks: ConnectionHooks;

  constructor(options: RedisOptions, hooks: ConnectionHooks = {}) {
    this.#options = options;
    this.#hooks = hooks;
    const attempted = Promise.withResolvers<void>();
    this.attempted = attempted.promise;
    this.#ended = this.#keepUp(attempted.resolve);
  }

  /** Whether commands can be sent now. */
  get available(): boolean {
    return this.#redis !== null;
  }

  /**
   * Runs commands.
   *
   * @throws StoreUnavailableError whenever Redis does not do what it is asked
   */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = this.#redis;
    if (redis === null) throw this.#unavailable(this.lastError ?? new Error("not connected"));
    try {
      return await work(redis);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      if (meansDown(error) && this.#redis === redis) this.#drop(redis, error);
      if (refusesWrites(error)) this.#hooks.refused?.(error);
      if (isForbidden(error)) this.#hooks.forbidden?.(error);
      if (isWrongType(error)) throw await this.#wrongType(redis, error);
      throw this.#unavailable(redis === this.#redis ? error : this.lastError ?? error);
    }
  }

  /**
   * Sends commands in one go; they are not one transaction.
   *
   * @param commands name and arguments of each
   * @returns their answers, in the same order
   * @throws StoreUnavailableError when one of them fails
   */
  pipeline(commands: readonly Command[]): Promise<unknown[]> {
    return this.run(async (redis) => {
      return (await send(redis, commands)).map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
    });
  }

  /**
   * Sends commands in one go, of which some may find a key of another type.
   *
   * @returns their answers, in the same order; {@linkcode WRONG_TYPE} for those
   * @throws StoreUnavailableError when one of them fails for another reason
   */
  tolerantPipeline(commands: readonly Command[]): Promise<unknown[]> {
    return this.run(async (redis) => {
      return (await send(redis, commands)).map(([error, answer]) => {
        if (error && !isWrongType(error)) throw error;
        return error ? WRONG_TYPE : answer;
      });
    });
  }

  /**
   * Gives the connection up, and tries anew: whatever answers there is none that can be used.
   *
   * @param error why
   */
  distrust(error: unknown): void {
    if (this.#redis !== null) this.#drop(this.#redis, error);
  }

  /**
   * Runs a script.
   *
   * @throws StoreUnavailableError
   */
  script(script: Script, ...args: (string | number)[]): Promise<unknown> {
    return this.run((redis) => runScript(redis, script, ...args));
  }

  /**
   * Waits until what this connection wrote is safe from a fail-over: until one replica has it, where
   * Sentinels may make a replica the primary. Does nothing elsewhere.
   *
   * @throws StoreUnavailableError when no replica says so in time; what was written may be lost
   */
  async settle(): Promise<void> {
    if (!this.#options.sentinels) return;
    await this.run(async (redis) => {
      const replication = textReply(await redis.info("replication"));
      if (!/^connected_slaves:[1-9]/m.test(replication)) return;
      const confirmed = numberReply(await redis.wait(1, REPLICATION));
      if (confirmed < 1) throw new Error("no replica has confirmed what was written");
    });
  }

  /** Closes the connection for good; running commands fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#redis = null;
    this.lastError = new Error("the connection was closed");
    await this.#ended;
  }

  async #keepUp(attempted: () => void): Promise<void> {
    const { signal } = this.#closing;
    const { firstRetry, lastRetry } = { ...DEFAULT_TIMINGS, ...this.#options.timings };
    let pause = firstRetry;
    while (!signal.aborted) {
      try {
        await this.#connect(attempted, () => pause = firstRetry);
      } catch (error) {
        if (!signal.aborted) this.#lose(error);
      }
      attempted();
      await this.#options.clock.delay(pause, signal);
      pause = Math.min(pause * 2, lastRetry);
    }
  }

  /** Connects, and stays until the connection breaks; throws why it does not come about. */
  async #connect(attempted: () => void, connected: () => void): Promise<void> {
    const { signal } = this.#closing;
    const address = await this.#findServer(signal);
    const { connect, answer } = { ...DEFAULT_TIMINGS, ...this.#options.timings };
    const redis = plainClient(address, connect, answer, this.#options.tls);
    const socket = watchSocket(redis);
    const abort = (): void => closeClient(redis);
    signal.addEventListener("abort", abort);
    try {
      const info = await this.#open(redis, address, socket);
      if (signal.aborted) return;
      connected();
      this.lastError = null;
      this.#redis = redis;
      this.#hooks.up?.(info);
      attempted();
      await Promise.all([socket.ended, this.#followSentinels(redis, address, socket)]);
      if (this.#redis === redis) this.#lose(socket.error() ?? new Error("connection closed"));
    } catch (error) {
      throw error instanceof RedisRefusedError ? error : socket.error() ?? error;
    } finally {
      signal.removeEventListener("abort", abort);
      closeClient(redis);
      await socket.ended;
    }
  }

  async #findServer(signal: AbortSignal): Promise<ServerAddress> {
    const { address, sentinels } = this.#options;
    try {
      if (sentinels) return this.address = await findPrimary(sentinels, this.#options, signal);
    } catch (error) {
      if (address === null) throw error;
    }
    if (address === null) throw new Error("neither an address nor Sentinels are given");
    return this.address = address;
  }

  /** Leaves a server that is not the primary any more: it may not know that yet itself. */
  async #followSentinels(redis: Redis, address: ServerAddress, socket: SocketWatch): Promise<void> {
    const { sentinels, timings } = this.#options;
    if (!sentinels) return;
    const { sentinel: every } = { ...DEFAULT_TIMINGS, ...timings };
    const ended = new AbortController();
    socket.ended.then(() => ended.abort());
    while (!ended.signal.aborted) {
      await this.#options.clock.delay(every, ended.signal);
      const primary = await findPrimary(sentinels, this.#options, ended.signal).catch(() =>
        address
      );
      if (ended.signal.aborted || formatHostPort(primary) === formatHostPort(address)) continue;
      this.#drop(redis, new Error(`the primary is now at ${formatHostPort(primary)}`));
    }
  }

  async #open(redis: Redis, address: ServerAddress, socket: SocketWatch): Promise<ServerInfo> {
    await redis.connect();
    const ready = (async () => {
      const info = await shakeHands(redis, address, this.#options);
      await this.#hooks.prepare?.(redis);
      return info;
    })();
    // A connection that breaks now is the reason, not the commands that fail because of it.
    return await Promise.race([
      ready,
      socket.ended.then((): never => {
        throw socket.error() ?? new Error("connection closed");
      }),
    ]);
  }

  #drop(redis: Redis, error: unknown): void {
    if (this.#redis === redis) this.#lose(error);
    closeClient(redis);
  }

  #lose(error: unknown): void {
    this.#redis = null;
    this.lastError = error;
    if (!this.#closing.signal.aborted) this.#hooks.down?.(error);
  }

  async #wrongType(redis: Redis, error: unknown): Promise<StoreUnavailableError> {
    const key = await wrongKey(redis, error).catch(() => null);
    if (key === null) return this.#unavailable(error);
    this.#hooks.wrongType?.(key);
    return wrongTypeError(key);
  }

  #unavailable(error: unknown): StoreUnavailableError {
    return new StoreUnavailableError(describeFailure(error, this.#options));
  }
}

async function send(
  redis: Redis,
  commands: readonly Command[],
): Promise<[error: Error | null, answer: unknown][]> {
  if (commands.length === 0) return [];
  const answers = await redis.pipeline(commands.map((command) => [...command])).exec();
  if (answers?.length === commands.length) return answers;
  throw new Error("not every command was answered");
}

/** Says in one sentence why Redis cannot be used; the password never shows. */
export function describeFailure(
  error: unknown,
  options: Pick<RedisOptions, "address" | "password" | "sentinels">,
): string {
  const reason = reasonOf(error, options.password);
  if (error instanceof RedisRefusedError) return reason;
  return `${serverText(options)} is unavailable: ${reason}`;
}
