import { assertEquals } from "@std/assert";
import { startStatsPruning } from "../../lib/daemon/stats_pruning.ts";
import type { StoreLock } from "../../lib/store/store_lock.ts";
import { FakeStore } from "../control/fake_services.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";

const MINUTE = 60_000;

/** Nodes with one store, and how often one of them looked what is old. */
class Nodes implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log = new MemoryLog();
  looked = 0;
  available = true;
  readonly store = new FakeStore();
  readonly #nodes: AsyncDisposable[];
  #locked = false;

  constructor(count: number, now: number) {
    this.clock = new FakeClock(now);
    const store = {
      available: true,
      lock: (): Promise<StoreLock | null> => {
        if (this.#locked) return Promise.resolve(null);
        this.#locked = true;
        return Promise.resolve({
          signal: new AbortController().signal,
          [Symbol.asyncDispose]: () => {
            this.#locked = false;
            return Promise.resolve();
          },
        });
      },
      countedPeriods: () => {
        this.looked++;
        return this.store.countedPeriods();
      },
      removeCounted: this.store.removeCounted.bind(this.store),
    };
    this.#nodes = Array.from({ length: count }, () =>
      startStatsPruning({
        store,
        config: () => ({ keepStats: 400 }),
        clock: this.clock,
        log: this.log,
      }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
  }
}

Deno.test("one node of three removes old statistics, at 00:10 UTC", async () => {
  await using nodes = new Nodes(3, Date.UTC(2026, 10, 22, 22, 0));
  const { clock, store } = nodes;
  // At the start, since the last time may have been missed.
  for (let minute = 0; minute < 5; minute++) await clock.advance(MINUTE);
  assertEquals(nodes.looked, 1);
  store.files.set("2024-01-01", new Map([["/a", 1]]));
  store.named.set("2026-11-20T00", new Map([["downloads", 1]]));
  while (clock.now() < Date.UTC(2026, 10, 23, 0, 9)) await clock.advance(MINUTE);
  assertEquals([nodes.looked, store.files.size], [1, 1]);
  for (let minute = 0; minute < 10; minute++) await clock.advance(MINUTE);
  assertEquals([nodes.looked, store.files.size, store.named.size], [2, 0, 0]);
  assertEquals(nodes.log.lines, [
    "info: Removed 2 counters of 1 periods older than KeepStats, and of 1 hours and days of the series",
  ]);
});
