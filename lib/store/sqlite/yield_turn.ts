import { setImmediate } from "node:timers";

/**
 * Lets everything else on this thread have its turn: a timer first, so that what became ready
 * meanwhile is seen, then one more round for the answers to go out.
 */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve), 0));
}
