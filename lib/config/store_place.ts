import type { Config } from "./config.ts";
import type { HostPort } from "../net/host_port.ts";

/** Where the store is. */
export type StorePlace =
  | {
    readonly type: "embedded";
    /** The database file. */
    readonly path: string;
  }
  | {
    readonly type: "redis";
    /** With Sentinels: used when none of them answers; `null`: nothing is. */
    readonly address: HostPort | null;
    /** Sentinels that know where the primary is. */
    readonly sentinels?: { readonly masterName: string; readonly addresses: readonly HostPort[] };
    /** For Redis and for its Sentinels; empty: none. */
    readonly password: string;
    /** Number of the database. */
    readonly db: number;
  };

/** Decides which store the configuration means. Sentinels go before an address. */
export function storePlace(
  config: Pick<
    Config,
    | "databasePath"
    | "redisAddress"
    | "redisPassword"
    | "redisDb"
    | "redisSentinelMasterName"
    | "redisSentinels"
  >,
): StorePlace {
  const { redisAddress: address, redisPassword: password, redisDb: db } = config;
  const { redisSentinels: addresses, redisSentinelMasterName: masterName } = config;
  if (addresses.length > 0) {
    return { type: "redis", address, sentinels: { masterName, addresses }, password, db };
  }
  if (address !== null) return { type: "redis", address, password, db };
  return { type: "embedded", path: config.databasePath };
}
