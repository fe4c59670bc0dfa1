import type { Config } from "../config/config.ts";
import { storePlace } from "../config/store_place.ts";

/** What to do where the store is Redis, which takes care of itself. */
export interface RedisCare {
  readonly type: "redis";
  /** Says how, in whole sentences. */
  readonly hint: string;
}

/** What came of a backup. */
export type BackupOutcome = RedisCare | {
  readonly type: "done";
  /** The database file. */
  readonly path: string;
  /** Bytes of the copy. */
  readonly size: number;
};

/** What came of a check. */
export type CheckOutcome = RedisCare | {
  readonly type: "done";
  /** The database file. */
  readonly path: string;
  /** What is wrong, one line each; none: nothing. */
  readonly findings: readonly string[];
};

/**
 * Copies the store of a configuration to a file, beside the daemon that works on it.
 *
 * @param target absolute path of the file to be made
 * @throws Error with what is wrong, in words
 */
export async function backUpStore(config: Config, target: string): Promise<BackupOutcome> {
  const place = storePlace(config);
  if (place.type === "redis") {
    return {
      type: "redis",
      hint: "Redis makes its own copies: redis-cli --rdb FILE, or BGSAVE and dump.rdb. " +
        "Or copy all to an embedded store, with the daemons stopped: mirrorbits store copy",
    };
  }
  await mustBeThere(place.path);
  const { backUp } = await import("../store/sqlite/back_up.ts");
  return { type: "done", path: place.path, size: await backUp(place.path, target) };
}

/**
 * Reads a whole store and looks for damage.
 *
 * @param config whose store it is
 * @param file a database file in place of that; `null`: none
 * @throws Error with what is wrong, in words
 */
export async function checkStore(
  config: Config | null,
  file: string | null,
): Promise<CheckOutcome> {
  const place = config === null || file !== null ? null : storePlace(config);
  if (place?.type === "redis") {
    return {
      type: "redis",
      hint:
        "Redis checks what it loads; its files are checked by redis-check-rdb and redis-check-aof",
    };
  }
  const { findDamage } = await import("../store/sqlite/find_damage.ts");
  const path = file ?? place!.path;
  if (file === null) await mustBeThere(path);
  return { type: "done", path, findings: findDamage(path) };
}

/** The configuration, or the user, may be another one than the daemon's. */
async function mustBeThere(path: string): Promise<void> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return;
    throw new Error(
      `There is no store at "${path}": name the daemon's configuration with -config FILE, or do this ` +
        "as the user that the daemon runs as",
      { cause: error },
    );
  }
}
