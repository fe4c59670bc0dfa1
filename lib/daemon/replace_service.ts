import { storePlace } from "../config/store_place.ts";
import type { Config } from "../config/config.ts";
import { LEAVE_TIME } from "../http/threads/threads.ts";
import { BALANCED } from "./workers.ts";
import type { Service } from "./service.ts";

/** Milliseconds that a new service has for the first scan of the source. */
const SCAN_TIME = 15_000;

/** Tells whether two configurations mean the same store, and the same place for counts that wait for it. */
export function sameStore(one: Config, other: Config): boolean {
  return one.databasePath === other.databasePath &&
    JSON.stringify(storePlace(one)) === JSON.stringify(storePlace(other));
}

/**
 * Lets a service with another store take the place of one, without a request being lost. Each works
 * with its own store as long as it answers requests.
 *
 * @param old the service that answers requests now
 * @param next the service that was made for the new configuration
 * @returns when the next one answers requests, with the promise that ends when the old one is gone
 * @throws Error when the next one cannot; then it is closed, and nothing changed
 */
export async function replaceService(
  old: Service,
  next: Service,
): Promise<{ readonly gone: Promise<void> }> {
  try {
    if (!BALANCED && next.config.listenAddress.transport === "tcp") {
      throw new Error("Another store takes effect when the daemon is started again");
    }
    await next.open();
    next.requireStore();
    await next.ready(SCAN_TIME);
    const succession = await next.serve(old.place);
    const leave = async (): Promise<void> => {
      old.halt();
      await old.leave(LEAVE_TIME);
      await succession?.settle();
      await old[Symbol.asyncDispose]();
      await succession?.end();
    };
    return { gone: leave() };
  } catch (error) {
    await next[Symbol.asyncDispose]();
    throw error;
  }
}
