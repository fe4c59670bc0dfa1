import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertRejects } from "@std/assert";
import { Redis } from "ioredis";
import type { SourceFile } from "../../lib/catalog/file.ts";
import type { RedisOptions } from "../../lib/store/redis/redis_options.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { MemoryLog } from "../support/memory_log.ts";

/** Options for a Redis on a port of 127.0.0.1; `log` keeps its lines. */
export function redisOptions(
  port: number,
  changes: Partial<RedisOptions> = {},
): RedisOptions & { log: MemoryLog } {
  return {
    address: { hostname: "127.0.0.1", port },
    password: "",
    db: 0,
    now: () => Date.now(),
    clock: systemClock,
    // A machine that stands still for a while must not look like a server that hangs.
    timings: { firstRetry: 20, lastRetry: 50, connect: 60_000, answer: 60_000 },
    ...changes,
    log: new MemoryLog(),
  };
}

/** A file of the source. */
export const FILE: SourceFile = {
  path: "/a",
  size: 1,
  modTime: null,
  sha1: "",
  sha256: "",
  md5: "",
};

/** Checks that the store refuses without waiting for an answer, or for anything else. */
export async function assertRejectsAtOnce(ask: () => Promise<unknown> | unknown): Promise<void> {
  const asked = (async () => await ask())();
  const { promise: patience, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("waits"), 0);
  await assertRejects(() => Promise.race([asked, patience]), StoreUnavailableError);
  clearTimeout(timer);
}

/** What an operator sees without -debug. */
export function shown(log: MemoryLog): string[] {
  return log.lines.filter((line) => !line.startsWith("debug: "));
}

/** A plain connection, as another program has it. */
export class OtherProgram implements AsyncDisposable {
  readonly redis: Redis;

  constructor(port: number, password?: string) {
    this.redis = new Redis({
      host: "127.0.0.1",
      port,
      protocol: 2,
      retryStrategy: () => null,
      ...(password === undefined ? {} : { password }),
    });
    // A server that a test stops under it.
    this.redis.on("error", () => {});
  }

  /** Type and value of every key; sets sorted, keys that pass `skip` left out. */
  async dump(skip: (key: string) => boolean = () => false): Promise<Record<string, unknown>> {
    const keys = (await this.redis.keys("*")).filter((key) => !skip(key)).sort();
    return Object.fromEntries(
      await Promise.all(keys.map(async (key) => [key, await this.#value(key)])),
    );
  }

  async #value(key: string): Promise<unknown> {
    switch (await this.redis.type(key)) {
      case "hash":
        return await this.redis.hgetall(key);
      case "set":
        return { set: (await this.redis.smembers(key)).sort() };
      case "list":
        return await this.redis.lrange(key, 0, -1);
      default:
        return await this.redis.get(key);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.redis.status === "end") return;
    const ended = new Promise((resolve) => this.redis.once("end", resolve));
    this.redis.disconnect();
    await ended;
  }
}

/** The commands that a server gets from now on, those inside scripts left out. */
export class CommandLog implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #reading: Promise<void>;

  readonly #connection: Deno.TcpConn;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#reading = this.#read();
  }

  /** Starts to listen. */
  static async start(port: number): Promise<CommandLog> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode("MONITOR\r\n"));
    await connection.read(new Uint8Array(5));
    return new CommandLog(connection);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    const chunk = new Uint8Array(65_536);
    while (true) {
      const size = await this.#connection.read(chunk).catch(() => null);
      if (size === null) return;
      const lines = (rest + decoder.decode(chunk.subarray(0, size), { stream: true })).split(
        "\r\n",
      );
      rest = lines.pop() ?? "";
      this.lines.push(...lines.filter((line) => !/^\+[\d.]+ \[\d+ lua\]/.test(line)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    await this.#reading;
  }
}
