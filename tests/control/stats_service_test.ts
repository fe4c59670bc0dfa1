import { assertEquals, assertRejects } from "@std/assert";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { StatsService } from "../../lib/control/stats_service.ts";
import { FakeStore } from "./fake_services.ts";

const TODAY = { start: "2026-11-22", end: "2026-11-22" };

Deno.test("StatsService adds up every period of a range", async () => {
  const store = new FakeStore();
  store.counts.set("2026-10", new Map([[1, { downloads: 1, bytes: 10 }]]));
  store.counts.set("2026-11-01", new Map([[1, { downloads: 2, bytes: 20 }]]));
  store.counts.set("2026-11-02", new Map([[1, { downloads: 4, bytes: 40 }]]));
  const stats = new StatsService(store);
  const range = { start: "2026-10-01", end: "2026-11-01" };
  assertEquals(await stats.mirror(1, range), { downloads: 3, bytes: 30 });
  assertEquals(await stats.mirror(2, range), { downloads: 0, bytes: 0 });
});

Deno.test("StatsService finds files by a pattern, and sums what comes in several batches", async () => {
  const store = new FakeStore();
  store.files.set("2026-11-21", new Map([["/b", 1], ["/c/ä.iso", 7]]));
  store.files.set("2026-11-22", new Map([["/b", 2], ["/a", 3]]));
  const stats = new StatsService(store);
  assertEquals(await stats.files("^/[ab]$", { start: "2026-11-21", end: "2026-11-22" }), {
    files: [{ path: "/a", downloads: 3 }, { path: "/b", downloads: 3 }],
    total: 6,
  });
  assertEquals((await stats.files("(?i)Ä\\.ISO$", { ...TODAY, start: "2026-11-21" })).total, 7);
  assertEquals(await stats.files("nothing", TODAY), { files: [], total: 0 });
});

Deno.test("StatsService refuses what is no regular expression", async () => {
  const stats = new StatsService(new FakeStore());
  await assertRejects(() => stats.files("(", TODAY), ControlError, "Error parsing regexp");
});
