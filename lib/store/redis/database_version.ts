import type { Redis } from "ioredis";
import { KEYS, mirrorKey, SCHEMA_VERSION } from "./keys.ts";
import { RedisRefusedError } from "./redis_error.ts";
import { numberReply, optionalTextReply, textReply, textsReply } from "./reply.ts";

/** The database holds data that this program must not touch. */
export class UnsupportedDatabaseError extends RedisRefusedError {}

/**
 * What a database is: `new`, with nothing in it; `current`; `unmarked`, which is current, but somebody
 * emptied it and its version with it before it was filled again; or `old`, in the version before, which
 * can be brought up to date.
 */
export type DatabaseState = "new" | "current" | "unmarked" | "old";

/**
 * Looks which version of the schema a database has.
 *
 * @param where for messages: `Redis at 127.0.0.1:6379, database 0`
 * @throws UnsupportedDatabaseError when it must not be used
 */
export async function databaseState(redis: Redis, where: string): Promise<DatabaseState> {
  const version = optionalTextReply(await redis.get(KEYS.version));
  const mirrors = numberReply(await redis.exists(KEYS.mirrors));
  if (version === `${SCHEMA_VERSION}`) return "current";
  if (version === `${SCHEMA_VERSION - 1}`) return "old";
  if (version === null && mirrors === 0) return "new";
  if (version === null && await looksCurrent(redis)) return "unmarked";
  throw new UnsupportedDatabaseError(`${where}: ${complaint(version)}`);
}

/** Version 0 keeps mirrors in another way, and version 1 has no state for each scheme. */
async function looksCurrent(redis: Redis): Promise<boolean> {
  if (textReply(await redis.type(KEYS.mirrors)) !== "hash") return false;
  for (const id of textsReply(await redis.hkeys(KEYS.mirrors))) {
    if (!/^\d+$/.test(id) || await redis.type(mirrorKey(Number(id))) !== "hash") continue;
    return numberReply(await redis.hexists(mirrorKey(Number(id)), "httpUp")) === 1;
  }
  return false;
}

/** Writes the version of the schema into a new database. */
export async function markDatabase(redis: Redis): Promise<void> {
  await redis.setnx(KEYS.version, SCHEMA_VERSION);
}

function complaint(version: string | null): string {
  const needed = `version ${SCHEMA_VERSION} is needed`;
  if (version === null || version === "0") {
    return `The data has version 0, from years ago, and ${needed}; ` +
      "start the original Mirrorbits 0.5 or 0.6 on it once: it brings the data up to date";
  }
  if (/^\d+$/.test(version)) {
    return `The data has version ${version}, from a newer Mirrorbits, and ${needed}; ` +
      "use that Mirrorbits, or another database (RedisDB)";
  }
  return `"${KEYS.version}" holds "${version}", which is no version, and ${needed}; ` +
    "choose another database (RedisDB) if this one belongs to another program";
}
