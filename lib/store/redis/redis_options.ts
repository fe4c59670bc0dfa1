import type { Clock } from "../../clock/clock.ts";
import { formatHostPort } from "../../net/host_port.ts";
import type { Log } from "../../log/log.ts";

/** Where a server listens. */
export interface ServerAddress {
  readonly hostname: string;
  /** TCP. */
  readonly port: number;
}

/** Sentinels that know where the primary is. */
export interface SentinelPlace {
  /** The name under which they watch it. */
  readonly masterName: string;
  /** At least one. */
  readonly addresses: readonly ServerAddress[];
}

/** How connections are encrypted. */
export interface RedisTls {
  /** File with the certificates, in PEM, that the server is trusted by; `null`: those of the system. */
  readonly authorities: string | null;
}

/** How a Redis is reached: by its address, or through Sentinels. */
export interface RedisOptions {
  /** With Sentinels: used when none of them answers; `null`: nothing is. */
  readonly address: ServerAddress | null;
  /** Asked for the address of the primary. */
  readonly sentinels?: SentinelPlace;
  /** A user of Redis and of its Sentinels; empty or absent: the default one. */
  readonly user?: string;
  /** For Redis and for its Sentinels; empty: none. */
  readonly password: string;
  /** Encryption of all connections, those to Sentinels too; absent or `null`: none. */
  readonly tls?: RedisTls | null;
  /** Number of the database. */
  readonly db: number;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What every wait is taken from. */
  readonly clock: Pick<Clock, "after" | "delay">;
  /** Closes the connections when aborted, as disposing does. */
  readonly signal?: AbortSignal;
  readonly timings?: Partial<RedisTimings>;
}

/** How long things take; all in milliseconds. */
export interface RedisTimings {
  /** Until a connection is given up that does not come about. */
  readonly connect: number;
  /** Until a connection is given up on which an answer does not come. */
  readonly answer: number;
  /** Before the second attempt to connect; doubled for each that follows. */
  readonly firstRetry: number;
  /** Between attempts at most. */
  readonly lastRetry: number;
  /** Between two signs of life on the connection that only listens. */
  readonly ping: number;
  /** Between two questions to the Sentinels whether the primary is still the same. */
  readonly sentinel: number;
  /** How long messages are collected before listeners are told. */
  readonly gather: number;
  /** Between two renewals of a lock. */
  readonly lockRenewal: number;
  /** After which a lock that is not renewed frees itself: whole seconds. */
  readonly lockLife: number;
  /** Between two looks whether the mirrors are still there. */
  readonly look: number;
}

/** The timings that hold where nothing else is said. */
export const DEFAULT_TIMINGS: RedisTimings = {
  connect: 2_000,
  answer: 3_000,
  firstRetry: 100,
  lastRetry: 1_000,
  ping: 15_000,
  sentinel: 1_000,
  gather: 5,
  lockRenewal: 5_000,
  lockLife: 10_000,
  look: 10_000,
};

/** Names the server for people: `Redis at 127.0.0.1:6379`, `Redis "mymaster"`. */
export function serverText(
  { address, sentinels }: Pick<RedisOptions, "address" | "sentinels">,
): string {
  if (sentinels) return `Redis "${sentinels.masterName}"`;
  return address === null ? "Redis" : `Redis at ${formatHostPort(address)}`;
}

/** Names a database for people: `Redis at 127.0.0.1:6379, database 0`. */
export function databaseText(
  options: Pick<RedisOptions, "address" | "sentinels" | "db">,
): string {
  return `${serverText(options)}, database ${options.db}`;
}
