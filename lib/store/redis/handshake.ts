import type { Redis } from "ioredis";
import { isForbidden, reasonOf, RedisRefusedError } from "./redis_error.ts";
import { addressText, type RedisOptions } from "./redis_options.ts";
import { isRecentEnough, parseServerInfo, type ServerInfo } from "./server_info.ts";

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
  { address, password, db, log }: Pick<RedisOptions, "address" | "password" | "db" | "log">,
): Promise<ServerInfo> {
  const at = addressText(address);
  if (password !== "") {
    try {
      await redis.auth(password);
    } catch (error) {
      const reason = reasonOf(error, password);
      if (!/no password is set|without any password configured/.test(reason)) {
        if (!isAnswer(error) || /^LOADING/.test(reason)) throw error;
        throw new RedisRefusedError(
          `Redis at ${at} refuses the password in RedisPassword: ${reason}`,
        );
      }
      log.debug(`Redis at ${at} asks for no password, although RedisPassword is set`);
    }
  }
  const info = await serverInfo(redis, at);
  check(info, at);
  if (db !== 0) {
    await redis.select(db).catch((error) => {
      if (!isAnswer(error)) throw error;
      throw new RedisRefusedError(
        `Redis at ${at} has no database ${db} (RedisDB): ${reasonOf(error, password)}`,
      );
    });
  }
  return info;
}

async function serverInfo(redis: Redis, at: string): Promise<ServerInfo> {
  try {
    return parseServerInfo(await redis.info());
  } catch (error) {
    if (reasonOf(error, "").startsWith("NOAUTH")) {
      throw new RedisRefusedError(
        `Redis at ${at} asks for a password, and RedisPassword is not set`,
      );
    }
    // A user without the right to ask is taken at the operator's word.
    if (isForbidden(error)) return parseServerInfo("");
    throw error;
  }
}

function check(info: ServerInfo, at: string): void {
  if (info.sentinel) {
    throw new RedisRefusedError(
      `Redis at ${at} is a Sentinel: it belongs in RedisSentinels, not in RedisAddress`,
    );
  }
  if (info.version !== null && !isRecentEnough(info.version)) {
    throw new RedisRefusedError(
      `Redis at ${at} has version ${info.version}: version ${MINIMUM_VERSION} or later is needed`,
    );
  }
  if (info.primary !== null) {
    throw new RedisRefusedError(
      `Redis at ${at} is a replica of ${info.primary}: RedisAddress must be that of the primary`,
    );
  }
  if (info.loading) throw new Error("it is loading its data");
}

/** Whether the server said no, in contrast to a connection that broke. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}
