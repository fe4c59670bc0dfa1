import { formatHostPort } from "../../net/host_port.ts";
import type { Redis } from "ioredis";
import { isForbidden, reasonOf, RedisRefusedError } from "./redis_error.ts";
import type { RedisOptions, ServerAddress } from "./redis_options.ts";
import { textReply } from "./reply.ts";
import { isRecentEnough, parseServerInfo, type ServerInfo } from "./server_info.ts";
import { isAnswer, signIn } from "./sign_in.ts";

/** The oldest server that has every command that is used. */
const MINIMUM_VERSION = "3.2";

/**
 * Makes a fresh connection ready for use: signs in, selects the database, and checks that the server
 * is one that can be used.
 *
 * @throws RedisRefusedError when the operator has to change something
 * @throws Error when the server is not ready
 */
export async function shakeHands(
  redis: Redis,
  address: ServerAddress,
  { user = "", password, db, log, sentinels }: Pick<
    RedisOptions,
    "user" | "password" | "db" | "log" | "sentinels"
  >,
): Promise<ServerInfo> {
  const server = `Redis at ${formatHostPort(address)}`;
  if (!await signIn(redis, { user, password }, server) && password !== "") {
    log.debug(`${server} asks for no password, although RedisPassword is set`);
  }
  const info = await serverInfo(redis, server);
  check(info, server, sentinels !== undefined);
  if (db !== 0) {
    await redis.select(db).catch((error) => {
      if (!isAnswer(error)) throw error;
      throw new RedisRefusedError(
        `${server} has no database ${db} (RedisDB): ${reasonOf(error, password)}`,
      );
    });
  }
  return info;
}

async function serverInfo(redis: Redis, server: string): Promise<ServerInfo> {
  try {
    return parseServerInfo(textReply(await redis.info()));
  } catch (error) {
    if (reasonOf(error, "").startsWith("NOAUTH")) {
      throw new RedisRefusedError(`${server} asks for a password, and RedisPassword is not set`);
    }
    // A user without the right to ask is taken at the operator's word.
    if (isForbidden(error)) return parseServerInfo("");
    throw error;
  }
}

/** @param named whether Sentinels named the server, which may be about to name another */
function check(info: ServerInfo, server: string, named: boolean): void {
  if (info.sentinel) {
    throw new RedisRefusedError(
      `${server} is a Sentinel: it belongs in RedisSentinels, not in RedisAddress`,
    );
  }
  if (info.version !== null && !isRecentEnough(info.version)) {
    throw new RedisRefusedError(
      `${server} has version ${info.version}: version ${MINIMUM_VERSION} or later is needed`,
    );
  }
  if (info.primary !== null) {
    if (named) throw new Error(`${server} is still a replica of ${info.primary}`);
    throw new RedisRefusedError(
      `${server} is a replica of ${info.primary}: RedisAddress must be that of the primary`,
    );
  }
  if (info.loading) throw new Error("it is loading its data");
}
