import type { Config } from "../config/config.ts";
import { planThreads } from "../http/threads/thread_plan.ts";

/**
 * Whether the system deals the connections of one address out among several threads; elsewhere the
 * last to listen gets them all. `listenDatagram` is there where Deno may share an address.
 */
export const BALANCED: boolean = Deno.build.os === "linux" && "listenDatagram" in Deno;

/** How many threads are wanted; 0: none but this one. */
export function workersOf({ workers }: Pick<Config, "workers">): number {
  return workers === "auto" ? navigator.hardwareConcurrency : workers;
}

/** How many threads serve with a configuration. */
export function servingThreads(config: Pick<Config, "listenAddress" | "workers">): number {
  return planThreads({ address: config.listenAddress, workers: workersOf(config) }, BALANCED).count;
}
