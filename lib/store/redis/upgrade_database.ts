import type { Redis } from "ioredis";
import type { Clock } from "../../clock/clock.ts";
import { KEYS, UPGRADE_LOCK } from "./keys.ts";
import { RELEASE_LOCK, RENEW_LOCK } from "./lock.ts";
import { pageReply } from "./reply.ts";
import { runScript, type Script } from "./script.ts";

/** Milliseconds after which the lock of an upgrade that was cut short is free. */
const LOCK_LIFE = 5_000;

/** Milliseconds between two looks whether another node has finished. */
const LOOK = 100;

/** Keys of one step of the search. */
const PAGE = 1_000;

/** So many steps are made before the lock is renewed. */
const STEPS = 20;

/**
 * Brings a database from version 1 of the schema to version 2. Nodes that start at the same time take
 * turns. Everything is written in one atomic step at the end: cut short at any moment, the database is
 * as it was, or done.
 */
export async function upgradeDatabase(
  redis: Redis,
  clock: Pick<Clock, "delay">,
): Promise<void> {
  const value = crypto.randomUUID();
  while (await redis.get(KEYS.version) === "1") {
    const taken = await redis.set(UPGRADE_LOCK, value, "PX", LOCK_LIFE, "NX");
    if (taken === null) {
      await clock.delay(LOOK);
      continue;
    }
    const ids = await mirrorIds(redis, value);
    // Without the lock nothing happens: another node has begun meanwhile.
    if (ids !== null) await runScript(redis, UPGRADE, UPGRADE_LOCK, value, ...ids);
    await runScript(redis, RELEASE_LOCK, UPGRADE_LOCK, value);
  }
}

/** The IDs of all mirrors, listed or not. @returns `null` when the lock was lost */
async function mirrorIds(redis: Redis, value: string): Promise<string[] | null> {
  const ids = new Set<string>();
  let cursor = "0";
  let steps = 0;
  do {
    const reply = await redis.scan(cursor, "MATCH", "MIRROR_*", "COUNT", PAGE);
    const [next, keys] = pageReply(reply, cursor);
    for (const key of keys) {
      const id = /^MIRROR_(\d+)$/.exec(key)?.[1];
      if (id !== undefined) ids.add(id);
    }
    cursor = next;
    if (++steps % STEPS === 0) {
      const kept = await runScript(redis, RENEW_LOCK, UPGRADE_LOCK, value, LOCK_LIFE);
      if (kept !== 1) return null;
    }
  } while (cursor !== "0");
  return [...ids];
}

/**
 * Arguments: key and value of the lock, then IDs of mirrors. Brings the database from version 1 to 2:
 * there, a mirror had one state, where it now has one for each protocol. Does nothing without the lock,
 * or in a database of another version.
 */
export const UPGRADE: Script = {
  name: "upgrade",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
if redis.call('GET', 'MIRRORBITS_DB_VERSION') ~= '1' then return 0 end
for i = 3, #ARGV do
  local key = 'MIRROR_' .. ARGV[i]
  if redis.call('TYPE', key).ok == 'hash' then
    local f = redis.call('HMGET', key, 'http', 'up', 'excludeReason')
    local protocol = string.sub(f[1] or '', 1, 8) == 'https://' and 'https' or 'http'
    if f[2] then redis.call('HSET', key, protocol .. 'Up', f[2]) end
    if f[3] then redis.call('HSET', key, protocol .. 'DownReason', f[3]) end
    redis.call('HDEL', key, 'up', 'excludeReason')
  end
end
redis.call('SET', 'MIRRORBITS_DB_VERSION', '2')
return 1`,
};
