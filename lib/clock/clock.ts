/** A timer that was set; disposing of it stops it, also when it is over. */
export type Timer = Disposable;

/**
 * Port: the time, and everything that waits for it to pass. A daemon has one clock, made in
 * `lib/daemon`; a test has one that it steps. Functions need no `this`, so that each can be handed on
 * by itself.
 */
export interface Clock {
  /** Milliseconds since the epoch. Whoever sets the clock of the machine makes it jump, also back. */
  readonly now: () => number;
  /** Milliseconds since some moment, perhaps with a fraction: never goes back, whatever is set. */
  readonly elapsed: () => number;
  /** Calls `action` once, after so many milliseconds. */
  readonly after: (milliseconds: number, action: () => void) => Timer;
  /** Calls `action` each time so many milliseconds have passed. */
  readonly every: (milliseconds: number, action: () => void) => Timer;
  /**
   * Waits.
   *
   * @param milliseconds how long at most; 0: until everything else that is due was done
   * @param signal ends the waiting at once; that is no error
   */
  readonly delay: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Makes a signal that is aborted with a `TimeoutError` after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
}
