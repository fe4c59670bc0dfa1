import { Redis } from "ioredis";
import { messageOf } from "../../log/message_of.ts";
import type { RedisTls, ServerAddress } from "./redis_options.ts";

/**
 * Makes a client that does one thing: speak to one server until the connection breaks. Reconnecting,
 * signing in and checking the server are done by those who use it, where failures are told apart.
 *
 * @param connect milliseconds until a connection is given up that does not come about
 * @param answer milliseconds until a connection is given up on which an answer does not come
 * @param tls how it is encrypted; `null`: not at all
 * @throws Error when the certificates to trust cannot be read
 */
export function plainClient(
  { hostname, port }: ServerAddress,
  connect: number,
  answer: number,
  tls: RedisTls | null = null,
): Redis {
  return new Redis({
    host: hostname,
    port,
    lazyConnect: true,
    // RESP 2: servers before version 6 know no other.
    protocol: 2,
    connectTimeout: connect,
    socketTimeout: answer,
    disconnectTimeout: 100,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    ...(tls === null ? {} : { tls: trust(tls) }),
  });
}

/** What happens to a client's socket. */
export interface SocketWatch {
  /** Fulfilled when the socket is closed and nothing of it is left. */
  readonly ended: Promise<void>;
  /** What broke it. */
  error(): unknown;
}

/** Watches a client that was not connected yet. */
export function watchSocket(redis: Redis): SocketWatch {
  let failure: unknown = null;
  redis.on("error", (error) => failure ??= error);
  const ended = new Promise<void>((resolve) => redis.once("end", () => resolve()));
  return { ended, error: () => failure };
}

/** Closes a client; again would leave a timer behind. */
export function closeClient(redis: Redis): void {
  if (redis.status !== "end" && redis.status !== "close") redis.disconnect();
}

function trust({ authorities }: RedisTls): { ca?: string } {
  if (authorities === null) return {};
  try {
    return { ca: Deno.readTextFileSync(authorities) };
  } catch (error) {
    throw new Error(`RedisTLS: the certificates cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
