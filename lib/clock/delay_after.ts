import type { Clock } from "./clock.ts";

/**
 * Makes the waiting of a clock out of its timers.
 *
 * @param after sets a timer
 */
export function delayAfter(after: Clock["after"]): Clock["delay"] {
  return (milliseconds, signal) => {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer[Symbol.dispose]();
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = after(milliseconds, end);
      signal?.addEventListener("abort", end);
    });
  };
}
