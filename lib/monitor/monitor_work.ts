import { ScanError } from "../catalog/scan_error.ts";
import type { Clock } from "../clock/clock.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import { ProblemLog } from "./problem_log.ts";

/**
 * What all work of a monitor has in common: it is waited for at the end, its problems are told once, and
 * it wakes the schedule when it is done.
 */
export class MonitorWork {
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
  readonly problems: ProblemLog;
  readonly #stop = new AbortController();
  readonly #clock: Pick<Clock, "after">;
  readonly #failed: MonitorOptions["failed"];
  readonly #tasks = new Set<Promise<unknown>>();
  #wake: () => void = () => {};

  constructor(
    { clock, failed, log, signal }: Pick<MonitorOptions, "clock" | "failed" | "log" | "signal">,
  ) {
    this.#clock = clock;
    this.#failed = failed;
    this.problems = new ProblemLog(log);
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Does some work that is waited for at the end. */
  track<T>(work: () => Promise<T>): Promise<T> {
    const task = work();
    const tracked = task.catch(() => {}).finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
    return task;
  }

  /**
   * Logs a problem; none is one when everything ends.
   *
   * @param kind what it is about: the same problem of one kind is told once
   * @param what what failed, for people
   */
  report(kind: string, what: string, error: unknown): void {
    if (this.signal.aborted) return;
    // What a scan says may be the mirror's own words.
    if (!(error instanceof ScanError)) this.#failed?.(error);
    this.problems.add(kind, what, error);
  }

  /** Ends the {@linkcode sleep} at hand. */
  wake(): void {
    this.#wake();
  }

  /** Waits until something may be due. @param milliseconds at most */
  async sleep(milliseconds: number): Promise<void> {
    if (this.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = this.#clock.after(milliseconds, resolve);
    this.#wake = resolve;
    await promise;
  }

  /** Ends everything. */
  stop(): void {
    this.#stop.abort();
  }

  /** Waits until nothing runs any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#tasks);
  }
}
