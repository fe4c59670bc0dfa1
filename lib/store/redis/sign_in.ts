import type { Redis } from "ioredis";
import { reasonOf, RedisRefusedError } from "./redis_error.ts";

/**
 * Gives a password to a server; one that asks for none is no error.
 *
 * @param password empty: none is given
 * @param server for messages: `Redis at 127.0.0.1:6379`
 * @returns whether the server asks for a password
 * @throws RedisRefusedError when the password is wrong
 * @throws Error when the server is not ready
 */
export async function signIn(redis: Redis, password: string, server: string): Promise<boolean> {
  if (password === "") return false;
  try {
    await redis.auth(password);
    return true;
  } catch (error) {
    const reason = reasonOf(error, password);
    if (/no password is set|without any password configured/.test(reason)) return false;
    if (!isAnswer(error) || /^LOADING/.test(reason)) throw error;
    throw new RedisRefusedError(`${server} refuses the password in RedisPassword: ${reason}`);
  }
}

/** Whether the server said no, in contrast to a connection that broke. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}
