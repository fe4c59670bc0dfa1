import { assertEquals } from "@std/assert";
import { type CountStore, daysKeptOf, readSums } from "../../lib/stats/read_counts.ts";
import { DAYS_KEPT } from "../../lib/stats/stats_kept.ts";

const NOW = Date.UTC(2026, 10, 22, 15);
const DAY = 86_400_000;

const day = (before: number): string => new Date(NOW - before * DAY).toISOString().slice(0, 10);

Deno.test("daysKeptOf() begins with the first day that is kept by name", () => {
  const days = daysKeptOf({ start: "2020-01-01", end: day(0) }, NOW);
  assertEquals([days.length, days[0], days.at(-1)], [DAYS_KEPT, day(DAYS_KEPT - 1), "2026-11-22"]);
  assertEquals(daysKeptOf({ start: day(1), end: day(0) }, NOW), [day(1), day(0)]);
  assertEquals(daysKeptOf({ start: "2020-01-01", end: day(DAYS_KEPT) }, NOW), []);
});

Deno.test("readSums() asks mirrors about the days of a range before those, and about no others", async () => {
  const asked: unknown[] = [];
  const store: CountStore = {
    series: (days) => days.map(() => [1, 10, 100]),
    downloadsByPeriod(mirrorId, periods) {
      asked.push(mirrorId, ...periods);
      return periods.map(() => ({ downloads: 1000, bytes: 5 }));
    },
  };
  const sums = (start: string, end: string) => readSums(store, [{ start, end }], NOW);
  assertEquals(await sums("2020-02-01", "2020-03-02"), [{ downloads: 3000, bytes: 15, bots: 0 }]);
  assertEquals(asked.splice(0), [null, "2020-02", "2020-03-01", "2020-03-02"]);
  const [first, before] = [day(DAYS_KEPT - 1), day(DAYS_KEPT)];
  assertEquals(await sums(before, first), [{ downloads: 1001, bytes: 15, bots: 100 }]);
  assertEquals(asked.splice(0), [null, before]);
  assertEquals(await sums(first, first), [{ downloads: 1, bytes: 10, bots: 100 }]);
  assertEquals(asked, [null]);
});
