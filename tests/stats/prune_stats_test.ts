import { assertEquals } from "@std/assert";
import { pruneStats } from "../../lib/stats/prune_stats.ts";
import { FakeStore } from "../control/fake_services.ts";

const NOW = Date.UTC(2026, 10, 22, 0, 10);

function filled(): FakeStore {
  const store = new FakeStore();
  for (const period of ["", "2024", "2025", "2025-09", "2025-10", "2025-10-18", "2025-10-19"]) {
    store.files.set(period, new Map([["/a", 1]]));
    store.counts.set(period, new Map([[1, { downloads: 1, bytes: 1 }]]));
  }
  for (
    const time of [
      ...["2025-10-18", "2025-10-19", "2026-11-22"],
      ...["2026-11-20T00", "2026-11-20T01", "2026-11-22T00"],
    ]
  ) store.named.set(time, new Map([["downloads", 1], ["bytes", 1]]));
  return store;
}

Deno.test("pruneStats() removes hours beyond 48 and days beyond 400, and no counters by default", async () => {
  const store = filled();
  const old = { counters: [], series: ["2025-10-18", "2026-11-20T00"] };
  assertEquals(await pruneStats(store, { keepStats: 0, now: NOW, dryRun: true }), {
    ...old,
    removed: null,
  });
  assertEquals(store.named.size, 6);
  assertEquals(await pruneStats(store, { keepStats: 0, now: NOW, dryRun: false }), {
    ...old,
    removed: 4,
  });
  assertEquals(
    [...store.named.keys()],
    ["2025-10-19", "2026-11-22", "2026-11-20T01", "2026-11-22T00"],
  );
  assertEquals(store.files.size, 7);
});

Deno.test("pruneStats() removes periods all of whose days are older than KeepStats, and never the total", async () => {
  const store = filled();
  const { counters } = await pruneStats(store, { keepStats: 400, now: NOW, dryRun: false });
  assertEquals(counters, ["2024", "2025-09", "2025-10-18"]);
  assertEquals([...store.files.keys()], ["", "2025", "2025-10", "2025-10-19"]);
  assertEquals([...store.counts.keys()], [...store.files.keys()]);
});
