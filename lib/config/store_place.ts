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
    /** A user of Redis and of its Sentinels; absent: the default one. */
    readonly user?: string;
    /** For Redis and for its Sentinels; empty: none. */
    readonly password: string;
    /**
     * Absent: connections are not encrypted. `authorities`: the file of the certificates to trust; `null`:
     * those of the system.
     */
    readonly tls?: { readonly authorities: string | null };
    /** Number of the database. */
    readonly db: number;
  };

/** Decides which store the configuration means. Sentinels go before an address. */
export function storePlace(
  config: Pick<
    Config,
    | "databasePath"
    | "redisAddress"
    | "redisUser"
    | "redisPassword"
    | "redisTls"
    | "redisDb"
    | "redisSentinelMasterName"
    | "redisSentinels"
  >,
): StorePlace {
  const { redisAddress: address, redisSentinels: addresses } = config;
  if (addresses.length === 0 && address === null) {
    return { type: "embedded", path: config.databasePath };
  }
  const { redisUser: user, redisTls, redisSentinelMasterName: masterName } = config;
  return {
    type: "redis",
    address,
    ...(addresses.length > 0 ? { sentinels: { masterName, addresses } } : {}),
    ...(user === "" ? {} : { user }),
    password: config.redisPassword,
    ...(redisTls === false ? {} : { tls: { authorities: redisTls === true ? null : redisTls } }),
    db: config.redisDb,
  };
}
