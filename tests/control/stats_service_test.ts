import { assert, assertEquals, assertRejects } from "@std/assert";
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

Deno.test("StatsService takes the patterns that the original took", async () => {
  const store = new FakeStore();
  store.files.set("2026-11-22", new Map([["/README", 1], ["/beta/a.iso", 2]]));
  const stats = new StatsService(store);
  const cases: [pattern: string, ...paths: string[]][] = [
    ["iso$", "/beta/a.iso"],
    ["(?i)readme", "/README"],
    ["(?P<n>beta)", "/beta/a.iso"],
    ["[[:alpha:]]+\\.iso", "/beta/a.iso"],
    ["\\Q.iso\\E", "/beta/a.iso"],
    ["\\pL+\\.iso", "/beta/a.iso"],
    ["^/R.*\\z", "/README"],
    ["(?s).*iso", "/beta/a.iso"],
    ["", "/README", "/beta/a.iso"],
  ];
  for (const [pattern, ...paths] of cases) {
    const { files } = await stats.files(pattern, TODAY);
    assertEquals(files.map(({ path }) => path), paths, pattern);
  }
});

Deno.test("StatsService refuses what is no regular expression of RE2, and what is too large", async () => {
  const stats = new StatsService(new FakeStore());
  const cases: [pattern: string, message: string][] = [
    ["(", "Error parsing regexp: missing closing ): `(`"],
    ["(?=x)", "Error parsing regexp: invalid or unsupported Perl syntax"],
    ["(a)\\1", "Error parsing regexp: invalid escape sequence"],
    ["((a{100}){100}){100}", "Error parsing regexp: invalid repeat count"],
    ["(.?){900}".repeat(3), "The pattern must come to at most 10000 steps"],
    ["a".repeat(1001), "The pattern must have at most 1000 characters, found 1001"],
  ];
  for (const [pattern, message] of cases) {
    await assertRejects(() => stats.files(pattern, TODAY), ControlError, message);
  }
});

Deno.test("StatsService is done with a nested repetition, and lets others have a turn", async () => {
  const store = new FakeStore();
  const paths = Array.from({ length: 2000 }, (_, index) => `/${"a".repeat(200)}!${index}`);
  store.files.set("2026-11-22", new Map(paths.map((path) => [path, 1])));
  const stats = new StatsService(store);
  assertEquals((await stats.files("^/(a+)+$", TODAY)).total, 0);

  let turns = 0;
  const others = setInterval(() => turns++, 0);
  await stats.files("^/(a?){900}$", TODAY);
  clearInterval(others);
  assert(turns > 3, `Others had ${turns} turns`);

  const gone = AbortSignal.abort(new Error("went away"));
  await assertRejects(() => stats.files("(a?){900}$", TODAY, gone), Error, "went away");
});
