import { assertEquals } from "@std/assert";
import type { Period, RangedCount, Store } from "../../lib/store/store.ts";
import { waitFor } from "../support/wait_for.ts";
import type { ContractCase } from "../store_contract.ts";
import { ODD_PATHS } from "./samples.ts";

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
