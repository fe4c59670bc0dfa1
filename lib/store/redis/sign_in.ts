import type { Redis } from "ioredis";
import { reasonOf, RedisRefusedError } from "./redis_error.ts";

/** Who signs in. */
export interface Credentials {
  /** A user of Redis 6 and later; empty: the default one. */
  readonly user: string;
  /** Empty: none. */
  readonly password: string;
}

/**
 * Signs in to a server; one that asks for no password is no error, unless a user is named.
 *
 * @param server for messages: `Redis at 127.0.0.1:6379`
 * @returns whether the server asks for a password
 * @throws RedisRefusedError when the password is wrong, or the server knows no such user
 * @throws Error when the server is not ready
 */
export async function signIn(
  redis: Redis,
  { user, password }: Credentials,
  server: string,
): Promise<boolean> {
  if (password === "" && user === "") return false;
  try {
    await (user === "" ? redis.auth(password) : redis.auth(user, password));
    return true;
  } catch (error) {
    const reason = reasonOf(error, password);
    if (user === "" && /no password is set|without any password configured/.test(reason)) {
      return false;
    }
    if (!isAnswer(error) || /^LOADING/.test(reason)) throw error;
    if (user !== "" && /wrong number of arguments/.test(reason)) {
      throw new RedisRefusedError(
        `${server} knows no users, and RedisUser is set: Redis 6 or later is needed for that`,
      );
    }
    const refused = user === "" ? "the password in RedisPassword" : "RedisUser and RedisPassword";
    throw new RedisRefusedError(`${server} refuses ${refused}: ${reason}`);
  }
}

/** Whether the server said no, in contrast to a connection that broke. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}
