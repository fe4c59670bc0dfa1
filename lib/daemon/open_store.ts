import type { StorePlace } from "../config/store_place.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import { newKey } from "./random_bytes.ts";
import { systemClock } from "./system_clock.ts";

/** The original's sample configuration does not name its Redis: here it would mean an empty store. */
const COMING_FROM_THE_ORIGINAL =
  'There are no mirrors yet; if those of the original are wanted, set "RedisAddress" (its default is 127.0.0.1:6379)';

/**
 * Opens the store of the control thread, and tells the log what is in it.
 *
 * @param place where it is
 * @param options whether there is a configuration file, which may be the original's
 * @throws StoreUnavailableError when it cannot be used; a Redis that is away only now is no reason
 */
export async function openStore(
  place: StorePlace,
  { configured, log }: { readonly configured: boolean; readonly log: Log },
): Promise<Store> {
  const options = { ...place, log, now: systemClock.now, clock: systemClock };
  let store: Store;
  if (options.type === "embedded") {
    const { openSqliteStore } = await import("../store/sqlite/open_sqlite_store.ts");
    store = await openSqliteStore({ ...options, newKey });
  } else {
    const { openRedisStore } = await import("../store/redis/redis_store.ts");
    store = await openRedisStore(options);
  }
  try {
    const [mirrors, files] = [await store.mirrors(), await store.countFiles()];
    log.info(`Store: ${store.description}, ${mirrors.length} mirrors, ${files} files`);
    const empty = options.type === "embedded" && mirrors.length === 0;
    if (empty && configured) log.info(COMING_FROM_THE_ORIGINAL);
  } catch {
    log.info(`Store: ${store.description}, not available yet`);
  }
  return store;
}
