import { assertEquals } from "@std/assert";
import { readStatistics, type StatisticsQuery } from "../../lib/stats/read_statistics.ts";
import { statisticsCsv } from "../../lib/stats/statistics_csv.ts";
import { FakeStore } from "../control/fake_services.ts";

const NOW = Date.UTC(2026, 10, 22, 15, 4);

function query(start: string, end: string, more: Partial<StatisticsQuery> = {}): StatisticsQuery {
  const names: Readonly<Record<number, string>> = { 1: "one", 2: "two" };
  const nameOf = (id: number): string | null => names[id] ?? null;
  return { range: { start, end }, files: 2, nameOf, now: NOW, ...more };
}

function filled(): FakeStore {
  const store = new FakeStore();
  const named: Readonly<Record<string, Record<string, number>>> = {
    "2026-11-22T15": { downloads: 3 },
    "2026-11-22T14": { downloads: 9, bytes: 90, bots: 1 },
    "2026-11-22": { downloads: 12, bytes: 90, bots: 1, "country:SE": 9, "country:": 3 },
    "2026-11-21": { downloads: 2, bytes: 20, "country:SE": 2, "answer:redirect": 2 },
  };
  for (const [time, counts] of Object.entries(named)) {
    store.named.set(time, new Map(Object.entries(counts)));
  }
  store.counts.set("2026-11-22", new Map([[1, { downloads: 8, bytes: 80 }]]));
  store.counts.set("2026-11-21", new Map([[2, { downloads: 2, bytes: 20 }]]));
  // Of a version that did not count by name.
  store.counts.set("2026-11-20", new Map([[9, { downloads: 5, bytes: 50 }]]));
  store.counts.set("2024", new Map([[9, { downloads: 1000, bytes: 1 }]]));
  store.files.set("", new Map([["/a", 20]]));
  store.files.set("2026-11-22", new Map([["/b", 1], ["/a", 1], ["/c", 10], ["/0", 0]]));
  return store;
}

Deno.test("readStatistics() tells of today hour by hour", async () => {
  const statistics = await readStatistics(filled(), query("2026-11-22", "2026-11-30"));
  assertEquals(statistics, {
    ...{ from: "2026-11-22", to: "2026-11-22", downloads: 12, bytes: 90, bots: 1, ever: 20 },
    mirrors: [{ id: 1, name: "one", downloads: 8, bytes: 80 }],
    countries: [],
    otherCountries: 12,
    answers: [],
    files: [{ path: "/c", downloads: 10 }, { path: "/a", downloads: 1 }],
    by: "hour",
    series: Array.from({ length: 16 }, (_, hour) => ({
      time: `2026-11-22T${`${hour}`.padStart(2, "0")}`,
      downloads: hour === 14 ? 9 : hour === 15 ? 3 : 0,
      bytes: hour === 14 ? 90 : 0,
      bots: hour === 14 ? 1 : 0,
    })),
  });
});

Deno.test("readStatistics() asks the mirrors about days of which nothing is known by name", async () => {
  const statistics = await readStatistics(filled(), query("2026-11-19", "2026-11-22"));
  assertEquals(statistics!.series.map(({ time, downloads }) => [time, downloads]), [
    ["2026-11-19", 0],
    ["2026-11-20", 5],
    ["2026-11-21", 2],
    ["2026-11-22", 12],
  ]);
  assertEquals([statistics!.downloads, statistics!.bytes], [19, 160]);
  assertEquals(statistics!.countries, [{ country: "SE", downloads: 11 }]);
  assertEquals([statistics!.otherCountries, statistics!.answers], [
    3,
    [{ answer: "redirect", requests: 2 }],
  ]);
  assertEquals(statisticsCsv(statistics!, "countries").split("\n").slice(1, -1), [
    "SE,11",
    "others,3",
  ]);
  const countries = [{ country: "", downloads: 14 }];
  const unknown = statisticsCsv({ ...statistics!, countries, otherCountries: 0 }, "countries");
  assertEquals(unknown.split("\n").slice(1, -1), ["unknown,14"]);
  assertEquals(statistics!.mirrors.map(({ name }) => name), ["one", null, "two"]);
  assertEquals(statisticsCsv(statistics!, "mirrors").split("\n").slice(1, 3), [
    "1,one,8,80",
    "9,,5,50",
  ]);
});

Deno.test("readStatistics() goes back for years, in months", async () => {
  const statistics = await readStatistics(
    filled(),
    query("2024-01-01", "2026-11-22", { files: 0 }),
  );
  assertEquals([statistics!.by, statistics!.series.length, statistics!.downloads], [
    "month",
    35,
    1019,
  ]);
  const last = statistics!.series.at(-1)!;
  assertEquals([last.time, last.downloads], ["2026-11", 19]);
});

Deno.test("readStatistics() leaves out mirrors that are not to be told of, and refuses endless series", async () => {
  const quiet = { ...query("2026-11-22", "2026-11-22"), nameOf: () => undefined };
  assertEquals((await readStatistics(filled(), quiet))!.mirrors, []);
  const days = query("2020-01-01", "2026-11-22", { by: "day" });
  assertEquals(await readStatistics(filled(), days), null);
});

Deno.test("readStatistics() names countries from ten downloads on, and goes by day for three months", async () => {
  const store = filled();
  const counts = { downloads: 40, "country:SE": 10, "country:FI": 9, "country:NO": 11 };
  store.named.set("2026-11-22", new Map(Object.entries(counts)));
  const { countries, otherCountries } = (await readStatistics(
    store,
    query("2026-11-22", "2026-11-22"),
  ))!;
  assertEquals([countries.map(({ country }) => country), otherCountries], [["NO", "SE"], 9]);
  const by = async (start: string, end: string) =>
    (await readStatistics(store, query(start, end)))?.by;
  assertEquals(await by("2026-08-23", "2026-11-22"), "day");
  assertEquals(await by("2026-08-22", "2026-11-22"), "month");
  assertEquals([await by("2026-11-21", "2026-11-21"), await by("2026-11-22", "2026-11-22")], [
    ...["day", "hour"],
  ]);
});

Deno.test("readStatistics() names no file that nobody downloaded", async () => {
  const { files } =
    (await readStatistics(filled(), query("2026-11-22", "2026-11-22", { files: 9 })))!;
  assertEquals(files.map(({ path }) => path), ["/c", "/a", "/b"]);
});
