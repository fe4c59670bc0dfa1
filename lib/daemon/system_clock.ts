import type { Clock, Timer } from "../clock/clock.ts";
import { delayAfter } from "../clock/delay_after.ts";

const after: Clock["after"] = (milliseconds, action) => {
  const timer = setTimeout(action, milliseconds);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};

/** The machine's clock and the runtime's timers: the one place that reads and sets them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after,
  every(milliseconds, action): Timer {
    const timer = setInterval(action, milliseconds);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
  delay: delayAfter(after),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
};
