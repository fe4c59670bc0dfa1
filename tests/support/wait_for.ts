/** How long and for what {@linkcode waitFor} waits. */
export interface WaitOptions {
  /** What is waited for, for the message. */
  readonly what: string;
  /** Milliseconds; default 60 000: a busy machine must not fail a test. */
  readonly timeout?: number;
  /** Milliseconds between two looks; default 20. */
  readonly every?: number;
}

/**
 * Looks again and again until `condition` gives something truthy.
 *
 * @param condition may throw: that counts as not yet
 * @returns what `condition` gave
 * @throws Error when the time is up, with the machine's load in its message and the last failure as its
 *   cause
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeout = 60_000, every = 20 }: WaitOptions,
): Promise<Exclude<T, false | 0 | "" | null | undefined>> {
  const end = performance.now() + timeout;
  let failure: unknown;
  while (true) {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | 0 | "" | null | undefined>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > end) {
      const load = `the machine's load is ${Deno.loadavg()[0]!.toFixed(1)}`;
      throw new Error(`Timed out after ${timeout} ms waiting for ${what}; ${load}`, {
        cause: failure,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
