import { assertEquals, assertRejects } from "@std/assert";
import type { Store } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import { waitFor } from "../support/wait_for.ts";
import { ODD_PATHS } from "./samples.ts";
import type { Period, RangedCount } from "../../lib/store/download_counts.ts";

const HASH = "7a3375a7cc1ad9241577d768dc07b220b767f5e7115a5f740187a49dad636447";
const OTHER_HASH = "00".repeat(32);

function add(
  store: Store,
  day: string,
  files: Record<string, number>,
  mirrors: Record<number, readonly [downloads: number, bytes: number]> = {},
): Promise<void> {
  return store.addDownloads({
    day,
    files: new Map(Object.entries(files)),
    mirrors: new Map(
      Object.entries(mirrors).map((
        [id, [downloads, bytes]],
      ) => [Number(id), { downloads, bytes }]),
    ),
  });
}

/** Sums what the batches hold, and refuses a path that comes twice. */
async function everyFile(store: Store, periods: readonly Period[]): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  for await (const batch of store.allFileDownloads(periods)) {
    for (const [path, downloads] of batch) {
      assertEquals(all.has(path), false, `"${path}" comes twice`);
      all.set(path, downloads);
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Counters, and the memory of downloads in ranges. */
export const counterCases: readonly ContractCase[] = [
  {
    name: "counters start at nothing",
    run: async ({ store, reader }) => {
      assertEquals(await store.fileDownloads("/a", ["2026-11-22", "2026-11", "2026", ""]), [
        0,
        0,
        0,
        0,
      ]);
      assertEquals(await store.mirrorDownloads(["2026-11-22", ""]), new Map());
      assertEquals(await everyFile(store, [""]), new Map());
      if (reader) assertEquals(await reader.fileDownloads("/a", [""]), [0]);
    },
  },
  {
    name: "addDownloads() counts by day, month, year and in all",
    run: async ({ store, reader }) => {
      await add(store, "2026-11-22", { "/a": 3, "/b": 1 }, { 1: [3, 300], 2: [1, 7] });
      await add(store, "2026-11-22", { "/a": 1 }, { 1: [1, 100] });
      await add(store, "2026-11-01", { "/a": 10 }, { 1: [10, 1000] });
      await add(store, "2026-01-22", { "/a": 100 }, { 2: [100, 10_000] });
      await add(store, "2025-11-22", { "/a": 1000 }, { 2: [1000, 6_000_000_000_000] });
      for (const one of reader ? [store, reader] : [store]) {
        assertEquals(
          await one.fileDownloads("/a", ["2026-11-22", "2026-11", "2026", "", "2025-11", "2024"]),
          [4, 14, 114, 1114, 1000, 0],
        );
        assertEquals(await one.fileDownloads("/b", ["", "2026-11-22", "2026-11-01"]), [1, 1, 0]);
        assertEquals(await one.fileDownloads("/a", []), []);
        assertEquals(
          sorted(await one.mirrorDownloads(["2026-11-22"])),
          [[1, { downloads: 4, bytes: 400 }], [2, { downloads: 1, bytes: 7 }]],
        );
        assertEquals(
          sorted(await one.mirrorDownloads(["2026"])),
          [[1, { downloads: 14, bytes: 1400 }], [2, { downloads: 101, bytes: 10_007 }]],
        );
        assertEquals(
          sorted(await one.mirrorDownloads([""])),
          [[1, { downloads: 14, bytes: 1400 }], [2, {
            downloads: 1101,
            bytes: 6_000_000_010_007,
          }]],
        );
      }
    },
  },
  {
    name: "counters are summed over periods",
    run: async ({ store }) => {
      await add(store, "2026-10-31", { "/a": 1, "/b": 5 }, { 1: [6, 60] });
      await add(store, "2026-11-01", { "/a": 2 }, { 1: [2, 20] });
      await add(store, "2026-11-02", { "/c": 4 }, { 2: [4, 40] });
      assertEquals(
        sorted(await store.mirrorDownloads(["2026-10-31", "2026-11-01", "2026-11-02"])),
        [[1, { downloads: 8, bytes: 80 }], [2, { downloads: 4, bytes: 40 }]],
      );
      assertEquals(await store.mirrorDownloads([]), new Map());
      assertEquals(
        await everyFile(store, ["2026-10-31", "2026-11-01"]),
        new Map([["/a", 3], ["/b", 5]]),
      );
      assertEquals(
        await everyFile(store, ["2026-10", "2026-11-02", "2020"]),
        new Map([["/a", 1], ["/b", 5], ["/c", 4]]),
      );
      assertEquals(await everyFile(store, [""]), new Map([["/a", 3], ["/b", 5], ["/c", 4]]));
      assertEquals(await everyFile(store, []), new Map());
    },
  },
  {
    name: "counters take any path, indexed or not, and large batches",
    run: async ({ store }) => {
      const files = new Map(ODD_PATHS.map((path, i) => [path, i + 1]));
      for (let i = 0; i < 5000; i++) files.set(`/many/${i}`, 1);
      await store.addDownloads({ day: "2026-11-22", files, mirrors: new Map() });
      await store.addDownloads({ day: "2026-11-22", files: new Map(), mirrors: new Map() });
      for (const [i, path] of ODD_PATHS.entries()) {
        assertEquals(await store.fileDownloads(path, ["2026-11"]), [i + 1]);
      }
      assertEquals(
        await everyFile(store, ["2026-11-22"]),
        new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
      );
    },
  },
  {
    name: "counters take a path that is no Unicode among others, new and known",
    run: async ({ store }) => {
      for (const times of [1, 2]) {
        await add(store, "2026-11-22", { "/a": 1, "/odd\udc80": 2, [`/new${times}`]: 3 });
        assertEquals(await store.fileDownloads("/odd\udc80", ["2026-11-22", ""]), [
          2 * times,
          2 * times,
        ]);
        assertEquals(await store.fileDownloads("/a", [""]), [times]);
        assertEquals(await store.fileDownloads(`/new${times}`, [""]), [3]);
      }
    },
  },
  {
    name: "addDownloads() counts a download in ranges once for a client and a path",
    run: async ({ store }) => {
      await addRanged(store, ranged("/a b"), ranged("/a b"), ranged("/a"));
      await addRanged(store, ranged("/a b"), ranged("/a b", { clientHash: OTHER_HASH }));
      await addRanged(store, ranged("/a b", { mirrorId: null }));
      await addRanged(store, ranged("/fallback", { mirrorId: null }));
      await store.addDownloads({
        day: "2026-11-22",
        files: new Map([["/a", 10]]),
        mirrors: new Map([[1, { downloads: 10, bytes: 500 }]]),
        ranged: [ranged("/a", { clientHash: OTHER_HASH })],
      });
      assertEquals(
        await everyFile(store, ["2026-11-22"]),
        new Map([["/a", 12], ["/a b", 2], ["/fallback", 1]]),
      );
      assertEquals(
        await store.mirrorDownloads([""]),
        new Map([[1, { downloads: 14, bytes: 500 + 4 * 50 }]]),
      );
    },
  },
  {
    name: "a day that is counted by name late begins with what mirrors have",
    run: async ({ store }) => {
      await add(store, "2026-11-22", { "/a": 3 }, { 1: [3, 300] });
      await add(store, "2026-11-22", { "/a": 1 }, { 2: [1, 100] });
      const batch = {
        day: "2026-11-22",
        files: new Map([["/a", 1]]),
        mirrors: new Map([[1, { downloads: 1, bytes: 100 }]]),
        hours: new Map([["2026-11-22T15", new Map([["downloads", 1], ["bytes", 100]])]]),
      };
      await store.addDownloads(batch);
      await store.addDownloads(batch);
      assertEquals(await store.series(["2026-11-22", "2026-11-22T15"], ["downloads", "bytes"]), [
        [6, 600],
        [2, 200],
      ]);
    },
  },
  {
    name: "what is counted by name without its hour counts for the day alone",
    run: async ({ store }) => {
      const hours = new Map([["2026-11-22", new Map([["downloads", 2], ["bytes", 20]])]]);
      await store.addDownloads({ day: "2026-11-22", files: new Map(), mirrors: new Map(), hours });
      assertEquals(await store.series(["2026-11-22"], ["downloads", "bytes"]), [[2, 20]]);
      assertEquals((await store.countedPeriods()).series, ["2026-11-22"]);
    },
  },
  {
    name: "what is counted by name counts for its hour and for its day",
    run: async ({ store, reader }) => {
      const hours = (counts: Record<string, Record<string, number>>) => ({
        hours: new Map(
          Object.entries(counts).map(([hour, all]) => [
            hour,
            new Map(Object.entries(all)),
          ]),
        ),
      });
      const none = { files: new Map<string, number>(), mirrors: new Map<number, never>() };
      await store.addDownloads({
        ...{ ...none, day: "2026-11-22" },
        ...hours({
          "2026-11-22T00": { downloads: 2, "country:SE": 1, "country:": 1 },
          "2026-11-22T23": { downloads: 3, bytes: 6_000_000_000_000, "answer:redirect": 5 },
        }),
      });
      await store.addDownloads({
        ...{ ...none, day: "2026-11-23" },
        ...hours({ "2026-11-23T00": { bots: 7 } }),
      });
      await store.addDownloads({
        ...{ ...none, day: "2026-11-22" },
        ...hours({ "2026-11-22T23": { downloads: 1 } }),
      });
      const times = ["2026-11-22T00", "2026-11-22T01", "2026-11-22T23", "2026-11-22", "2026-11-23"];
      for (const one of reader ? [store, reader] : [store]) {
        assertEquals(await one.series(times, ["downloads", "bytes", "bots"]), [
          [2, 0, 0],
          null,
          [4, 6_000_000_000_000, 0],
          [6, 6_000_000_000_000, 0],
          [0, 0, 7],
        ]);
        assertEquals(await one.series([], ["downloads"]), []);
        assertEquals(
          new Map([...await one.seriesSums(["2026-11-22", "2026-11-23"])].sort()),
          new Map(Object.entries({
            "answer:redirect": 5,
            bots: 7,
            bytes: 6_000_000_000_000,
            "country:": 1,
            "country:SE": 1,
            downloads: 6,
          })),
        );
        assertEquals(await one.seriesSums([]), new Map());
      }
    },
  },
  {
    name: "downloads in ranges count by name, too, and once",
    run: async ({ store }) => {
      const hour = "2026-11-22T15";
      const of = { hour, country: "SE" };
      await addRanged(
        store,
        ranged("/a", of),
        ranged("/a", of),
        ranged("/b", { ...of, hour: "2026-11-22T16" }),
      );
      await addRanged(store, ranged("/a", of), ranged("/fallback", { ...of, mirrorId: null }));
      // As an earlier version leaves it in a journal.
      await addRanged(store, ranged("/old"));
      const names = ["downloads", "bytes", "country:SE", "country:"];
      assertEquals(await store.series([hour, "2026-11-22T16", "2026-11-22"], names), [
        [2, 50, 2, 0],
        [1, 50, 1, 0],
        [4, 150, 3, 1],
      ]);
    },
  },
  {
    name: "downloadsByPeriod() and totalDownloads() tell of one mirror, of all, and of everything",
    run: async ({ store, reader }) => {
      await add(store, "2026-11-22", { "/a": 3 }, { 1: [2, 20], 2: [1, 5] });
      await add(store, "2026-10-01", { "/a": 5 }, { 1: [4, 40] });
      const none = { downloads: 0, bytes: 0 };
      for (const one of reader ? [store, reader] : [store]) {
        assertEquals(await one.downloadsByPeriod(1, ["2026-11-22", "2026-11-23", "2026"]), [
          { downloads: 2, bytes: 20 },
          none,
          { downloads: 6, bytes: 60 },
        ]);
        assertEquals(await one.downloadsByPeriod(null, ["2026-11", "2025", ""]), [
          { downloads: 3, bytes: 25 },
          none,
          { downloads: 7, bytes: 65 },
        ]);
        assertEquals(await one.downloadsByPeriod(7, ["2026"]), [none]);
        assertEquals(await one.totalDownloads(), 8);
      }
      if (!reader) return;
      const all = new Map<string, number>();
      for await (const part of reader.allFileDownloads(["2026-10", "2026-11"])) {
        for (const [path, count] of part) all.set(path, count);
      }
      assertEquals(all, new Map([["/a", 8]]));
    },
  },
  {
    name: "removeCounted() removes what countedPeriods() lists, and nothing else",
    run: async ({ store }) => {
      assertEquals(await store.countedPeriods(), { counters: [], series: [] });
      const files = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`/${i}`, 1]));
      await store.addDownloads({
        day: "2025-01-02",
        files: new Map(Object.entries(files)),
        mirrors: new Map([[1, { downloads: 5000, bytes: 1 }]]),
        hours: new Map([["2025-01-02T03", new Map([["downloads", 5000], ["country:SE", 9]])]]),
      });
      await add(store, "2026-11-22", { "/0": 2 }, { 1: [2, 2] });
      const { counters, series } = await store.countedPeriods();
      assertEquals(
        counters,
        ["", "2025", "2025-01", "2025-01-02", "2026", "2026-11", "2026-11-22"],
      );
      assertEquals(series.filter((time) => time < "2026"), ["2025-01-02", "2025-01-02T03"]);
      const stopped = AbortSignal.abort(new Error("stopped"));
      await assertRejects(() => store.removeCounted("counters", "2025", stopped), Error, "stopped");
      assertEquals(await store.removeCounted("series", "2025-01-02T03"), 2);
      const removed = await store.removeCounted("counters", "2025-01-02");
      assertEquals(removed >= 5001 && removed <= 5002, true, `${removed} were removed`);
      assertEquals(await store.removeCounted("counters", "2025-01-02"), 0);
      assertEquals(await store.fileDownloads("/0", ["2025-01-02", "2025-01", "2025", ""]), [
        0,
        1,
        1,
        3,
      ]);
      assertEquals(await store.mirrorDownloads(["2025-01-02"]), new Map());
      const left = await store.countedPeriods();
      assertEquals(left.counters, ["", "2025", "2025-01", "2026", "2026-11", "2026-11-22"]);
      assertEquals(left.series.filter((time) => time < "2026"), ["2025-01-02"]);
      assertEquals(await store.series(["2025-01-02T03"], ["downloads"]), [null]);
    },
  },
  {
    name: "addDownloads() forgets a client in time, and counts from its last download",
    run: async ({ store }) => {
      await addRanged(store, ranged("/renewed", { seconds: 1 }));
      await addRanged(store, ranged("/renewed", { seconds: 600 }));
      // Asking remembers anew, so that each look needs a path of its own.
      const probes = Array.from({ length: 100 }, (_, i) => `/probe-${i}`);
      await addRanged(store, ...probes.map((path) => ranged(path, { seconds: 1 })));
      await waitFor(async () => {
        const path = probes.pop()!;
        await addRanged(store, ranged(path, { seconds: 1 }));
        return (await store.fileDownloads(path, [""]))[0] === 2;
      }, { what: "a download to be forgotten", every: 50 });
      await addRanged(store, ranged("/renewed"));
      assertEquals(await store.fileDownloads("/renewed", [""]), [1]);
    },
  },
];

function ranged(path: string, changes: Partial<RangedCount> = {}): RangedCount {
  return { clientHash: HASH, path, mirrorId: 1, size: 50, seconds: 600, ...changes };
}

function addRanged(store: Store, ...downloads: RangedCount[]): Promise<void> {
  return store.addDownloads({
    day: "2026-11-22",
    files: new Map(),
    mirrors: new Map(),
    ranged: downloads,
  });
}

function sorted<T>(map: ReadonlyMap<number, T>): [number, T][] {
  return [...map].sort(([a], [b]) => a - b);
}
