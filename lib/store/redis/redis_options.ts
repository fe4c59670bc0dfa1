import type { Log } from "../../process/log.ts";

/** How a Redis is reached. */
export interface RedisOptions {
  readonly address: { readonly hostname: string; readonly port: number };
  /** Empty: none. */
  readonly password: string;
  /** Number of the database. */
  readonly db: number;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
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
  /** How long messages are collected before listeners are told. */
  readonly gather: number;
  /** Between two renewals of a lock. */
  readonly lockRenewal: number;
  /** After which a lock that is not renewed frees itself: whole seconds. */
  readonly lockLife: number;
}

/** The timings that hold where nothing else is said. */
export const DEFAULT_TIMINGS: RedisTimings = {
  connect: 2_000,
  answer: 3_000,
  firstRetry: 100,
  lastRetry: 1_000,
  ping: 15_000,
  gather: 5,
  lockRenewal: 5_000,
  lockLife: 10_000,
};

/** Writes an address for people: `127.0.0.1:6379`, `[::1]:6379`. */
export function addressText({ hostname, port }: RedisOptions["address"]): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Names a database for people: `Redis at 127.0.0.1:6379, database 0`. */
export function databaseText({ address, db }: Pick<RedisOptions, "address" | "db">): string {
  return `Redis at ${addressText(address)}, database ${db}`;
}
