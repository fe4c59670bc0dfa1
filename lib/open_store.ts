import type { StorePlace } from "./config/store_place.ts";
import type { Log } from "./process/log.ts";
import type { Store } from "./store/store.ts";

/**
 * Opens the store of the control thread, and tells the log what is in it.
 *
 * @param place where it is
 * @throws StoreUnavailableError when it cannot be used; a Redis that is away only now is no reason
 */
export async function openStore(place: StorePlace, log: Log): Promise<Store> {
  const options = { ...place, log, now: Date.now };
  let store: Store;
  if (options.type === "embedded") {
    const { openSqliteStore } = await import("./store/sqlite/open_sqlite_store.ts");
    store = await openSqliteStore(options);
  } else {
    const { openRedisStore } = await import("./store/redis/redis_store.ts");
    store = await openRedisStore(options);
  }
  try {
    const [mirrors, files] = [await store.mirrors(), await store.countFiles()];
    log.info(`Store: ${store.description}, ${mirrors.length} mirrors, ${files} files`);
  } catch {
    log.info(`Store: ${store.description}, not available yet`);
  }
  return store;
}
