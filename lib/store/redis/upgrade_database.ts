import type { Clock } from "../../clock/clock.ts";
import type { Redis } from "ioredis";
import { KEYS, UPGRADE_LOCK } from "./keys.ts";
import { RELEASE_LOCK } from "./lock_scripts.ts";
import { pageReply } from "./reply.ts";
import { runScript } from "./script.ts";
import { RENEW_UPGRADE, UPGRADE } from "./upgrade_scripts.ts";

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
      const kept = await runScript(redis, RENEW_UPGRADE, UPGRADE_LOCK, value, LOCK_LIFE);
      if (kept !== 1) return null;
    }
  } while (cursor !== "0");
  return [...ids];
}
