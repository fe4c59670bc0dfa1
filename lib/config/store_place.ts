import type { Config } from "./config.ts";

/** Where the store is. */
export type StorePlace =
  | {
    readonly type: "embedded";
    /** The database file. */
    readonly path: string;
  }
  | {
    readonly type: "redis";
    readonly address: { readonly hostname: string; readonly port: number };
    /** Empty: none. */
    readonly password: string;
    /** Number of the database. */
    readonly db: number;
  };

/**
 * Decides which store the configuration means.
 *
 * @throws Error when it asks for one that this version cannot reach
 */
export function storePlace(
  { databasePath, redisAddress, redisPassword, redisDb, redisSentinels }: Pick<
    Config,
    "databasePath" | "redisAddress" | "redisPassword" | "redisDb" | "redisSentinels"
  >,
): StorePlace {
  if (redisAddress !== null) {
    return { type: "redis", address: redisAddress, password: redisPassword, db: redisDb };
  }
  if (redisSentinels.length > 0) {
    // The embedded store would be empty, and the operator means another.
    throw new Error(
      "RedisSentinels cannot be asked by this version: give the master's address as RedisAddress",
    );
  }
  return { type: "embedded", path: databasePath };
}
