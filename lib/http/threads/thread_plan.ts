import type { HttpService } from "./service.ts";
import type { HttpThreadPlace } from "./thread_handle.ts";

/** Which threads serve. */
export interface ThreadPlan {
  readonly place: HttpThreadPlace;
  readonly count: number;
  /** Whether the system deals the connections of the address out among several. */
  readonly shared: boolean;
}

/**
 * Decides which threads serve an address.
 *
 * @param balanced whether the system deals the connections of one TCP address out
 */
export function planThreads(
  { address, workers }: Pick<HttpService, "address" | "workers">,
  balanced: boolean,
): ThreadPlan {
  const shared = balanced && address.transport === "tcp";
  if (workers === 0) return { place: "here", count: 1, shared };
  return { place: "worker", count: shared ? workers : 1, shared };
}
