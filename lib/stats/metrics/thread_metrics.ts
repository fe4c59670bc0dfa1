import type { ThreadMeasure } from "../thread_measure.ts";
import { counter, gauge, type LabelledValue, type MetricFamily } from "./metric_family.ts";

/** How the threads are. */
export interface ThreadFacts {
  /** Those that answer requests; a number: for how many milliseconds it has not answered. */
  readonly http: readonly (ThreadMeasure | number)[];
  /** The one that does everything else. */
  readonly control: Pick<ThreadMeasure, "lag" | "heap">;
  /** HTTP threads that died and were replaced. */
  readonly restarts: number;
  /** Downloads that are not in the store yet. */
  readonly counterQueue: number;
  /** Messages to people and programs that wait; `null`: nobody knows. */
  readonly notifyQueue: number | null;
}

/** How the threads are, and what waits in them. */
export function threadMetrics(
  { http, control, restarts, counterQueue, notifyQueue }: ThreadFacts,
): MetricFamily[] {
  const threads = [["control", control] as const, ...http.map((one, i) => [`${i}`, one] as const)];
  return [
    gauge("mirrorbits_threads", "Threads that answer requests", [[http.length]]),
    gauge(
      "mirrorbits_thread_lag_seconds",
      "By how much a thread was late at most since the last scrape",
      threads.map(([thread, one]): LabelledValue => [
        (typeof one === "number" ? one : one.lag) / 1000,
        { thread },
      ]),
    ),
    gauge(
      "mirrorbits_thread_heap_bytes",
      "Bytes in use on the heap of a thread",
      threads.map(([thread, one]): LabelledValue => [
        typeof one === "number" ? null : one.heap,
        { thread },
      ]),
    ),
    counter("mirrorbits_thread_restarts_total", "Threads that died and were replaced", [
      [restarts],
    ]),
    gauge("mirrorbits_counter_queue", "Downloads that are not in the store yet", [[counterQueue]]),
    gauge("mirrorbits_notify_queue", "Messages that wait to be sent, over all nodes", [
      [notifyQueue],
    ]),
  ];
}
