import { Redis } from "ioredis";
import { StoreUnavailableError } from "../store.ts";
import { shakeHands } from "./handshake.ts";
import { isUnknownScript, meansDown, reasonOf, RedisRefusedError } from "./redis_error.ts";
import { addressText, DEFAULT_TIMINGS, type RedisOptions } from "./redis_options.ts";
import type { Script } from "./scripts.ts";
import type { ServerInfo } from "./server_info.ts";
import { sleep } from "./sleep.ts";

/** What the owner of a connection is told and asked. */
export interface ConnectionHooks {
  /** Finishes the preparations of a fresh connection; when it throws, the connection is not used. */
  prepare?(redis: Redis): Promise<void>;
  /** The connection can be used. */
  up?(info: ServerInfo): void;
  /** The connection broke, or an attempt failed. */
  down?(error: unknown): void;
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
  #redis: Redis | null = null;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  /** Script → its digest. */
  readonly #digests = new Map<Script, string>();

  constructor(
    private readonly options: RedisOptions,
    private readonly hooks: ConnectionHooks = {},
  ) {
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
      if (meansDown(error) && this.#redis === redis) {
        this.#lose(error);
        close(redis);
      }
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
  pipeline(commands: readonly (readonly [string, ...(string | number)[]])[]): Promise<unknown[]> {
    return this.run(async (redis) => {
      if (commands.length === 0) return [];
      const answers = await redis.pipeline(commands.map((command) => [...command])).exec() ?? [];
      return answers.map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
    });
  }

  /**
   * Runs a script.
   *
   * @throws StoreUnavailableError
   */
  script(script: Script, ...args: (string | number)[]): Promise<unknown> {
    return this.run(async (redis) => {
      const digest = this.#digests.get(script);
      if (digest !== undefined) {
        try {
          return await redis.evalsha(digest, 0, ...args);
        } catch (error) {
          if (!isUnknownScript(error)) throw error;
        }
      }
      return await redis.eval(script, 0, ...args);
    });
  }

  /**
   * Loads scripts into a fresh connection, so that running one sends no more than its digest.
   *
   * @throws ReplyError `NOPERM …` when the user may not run scripts
   */
  async load(redis: Redis, scripts: readonly Script[]): Promise<void> {
    const digests = await Promise.all(scripts.map((script) => redis.script("LOAD", script)));
    for (const [i, script] of scripts.entries()) this.#digests.set(script, String(digests[i]));
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
    const { firstRetry, lastRetry } = { ...DEFAULT_TIMINGS, ...this.options.timings };
    let pause = firstRetry;
    while (!signal.aborted) {
      const redis = this.#client();
      const socket = watch(redis);
      const abort = (): void => close(redis);
      signal.addEventListener("abort", abort);
      try {
        const info = await this.#open(redis, socket);
        if (signal.aborted) continue;
        pause = firstRetry;
        this.lastError = null;
        this.#redis = redis;
        this.hooks.up?.(info);
        attempted();
        await socket.ended;
        if (this.#redis === redis) this.#lose(socket.error() ?? new Error("connection closed"));
      } catch (error) {
        const refused = error instanceof RedisRefusedError;
        if (!signal.aborted) this.#lose(refused ? error : socket.error() ?? error);
      } finally {
        signal.removeEventListener("abort", abort);
        close(redis);
        await socket.ended;
        attempted();
      }
      await sleep(pause, signal);
      pause = Math.min(pause * 2, lastRetry);
    }
  }

  async #open(redis: Redis, socket: SocketWatch): Promise<ServerInfo> {
    await redis.connect();
    const ready = (async () => {
      const info = await shakeHands(redis, this.options);
      await this.hooks.prepare?.(redis);
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

  #lose(error: unknown): void {
    this.#redis = null;
    this.lastError = error;
    if (!this.#closing.signal.aborted) this.hooks.down?.(error);
  }

  #unavailable(error: unknown): StoreUnavailableError {
    return new StoreUnavailableError(describeFailure(error, this.options));
  }

  #client(): Redis {
    const { address, timings } = this.options;
    const { connect, answer } = { ...DEFAULT_TIMINGS, ...timings };
    return new Redis({
      host: address.hostname,
      port: address.port,
      lazyConnect: true,
      // RESP 2: servers before version 6 know no other.
      protocol: 2,
      connectTimeout: connect,
      socketTimeout: answer,
      disconnectTimeout: 100,
      // Reconnecting, signing in and checking the server are done here, where failures are told apart.
      retryStrategy: () => null,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      disableClientInfo: true,
    });
  }
}

/** Says in one sentence why Redis cannot be used; the password never shows. */
export function describeFailure(
  error: unknown,
  { address, password }: Pick<RedisOptions, "address" | "password">,
): string {
  const reason = reasonOf(error, password);
  if (error instanceof RedisRefusedError) return reason;
  return `Redis at ${addressText(address)} is unavailable: ${reason}`;
}

/** What happens to a client's socket. */
interface SocketWatch {
  /** Fulfilled when the socket is closed and nothing of it is left. */
  readonly ended: Promise<void>;
  /** What broke it. */
  error(): unknown;
}

/** Closes a client; again would leave a timer behind. */
function close(redis: Redis): void {
  if (redis.status !== "end" && redis.status !== "close") redis.disconnect();
}

function watch(redis: Redis): SocketWatch {
  let failure: unknown = null;
  redis.on("error", (error) => failure ??= error);
  const ended = new Promise<void>((resolve) => redis.once("end", () => resolve()));
  return { ended, error: () => failure };
}
