import type { Redis } from "ioredis";
import { databaseState, markDatabase } from "./database_version.ts";
import { databaseText, type RedisOptions } from "./redis_options.ts";
import { upgradeDatabase } from "./upgrade_database.ts";

/**
 * Has a database in the current version of the schema: marks a new one, brings an old one up to date.
 *
 * @param used whether it was there before; then a new one has lost its data, and the log says so
 * @returns whether its data were lost
 * @throws UnsupportedDatabaseError
 */
export async function prepareDatabase(
  redis: Redis,
  options: Pick<RedisOptions, "address" | "sentinels" | "db" | "log" | "clock">,
  used: boolean,
): Promise<boolean> {
  const { log, clock } = options;
  const where = databaseText(options);
  const state = await databaseState(redis, where);
  if (state === "old") {
    log.info(`${where}: Bringing the data from version 1 to version 2`);
    await upgradeDatabase(redis, clock);
    log.info(`${where}: The data has version 2 now`);
  } else if (state === "new") {
    if (used) {
      log.error(
        `${where}: It came back without its data: mirrors, index and counters are gone; ` +
          "restore a backup, or add the mirrors again",
      );
    }
    await markDatabase(redis);
    return used;
  } else if (state === "unmarked") {
    log.warn(`${where}: Its version was missing, and is written again`);
    await markDatabase(redis);
  }
  return false;
}
