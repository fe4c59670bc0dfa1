import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { compareWithSource, type ComparisonRule } from "../../lib/scan/compare_with_source.ts";
import { FileTable } from "../../lib/scan/file_table.ts";
import { ListingDifference } from "../../lib/scan/listing_difference.ts";

const RULE: ComparisonRule = {
  mirror: { compare: null, paths: [] },
  precision: 1000,
  timeZoneOffset: 0,
  tolerance: 0,
};

function compared(
  source: Record<string, [size: number, time: number | null]>,
  mirror: Record<string, [size: number, time: number | null]>,
  rule: Partial<ComparisonRule> = {},
): Record<string, number | null> {
  const table = new FileTable();
  for (const [path, [size, time]] of Object.entries(source)) table.add(path, size, time);
  const copyOf = (path: string): { size: number; modTime: number | null } | null => {
    const copy = mirror[path];
    return copy === undefined ? null : { size: copy[0], modTime: copy[1] };
  };
  const indexed = Object.keys(mirror).length;
  return { ...compareWithSource(table, copyOf, indexed, { ...RULE, ...rule }) };
}

const NONE = { current: 0, older: 0, size: 0, newer: 0, missing: 0, foreign: 0, behindSince: null };

Deno.test("compareWithSource() tells each kind of difference", () => {
  const source: Record<string, [number, number]> = {
    "/same": [1, 9000],
    "/older": [1, 8000],
    "/size": [1, 7000],
    "/newer": [1, 6000],
    "/missing": [1, 5000],
  };
  const found = compared(source, {
    "/same": [1, 9400],
    "/older": [2, 1000],
    "/size": [2, 7000],
    "/newer": [1, 7000],
    "/foreign": [1, 1],
  });
  assertEquals(found, {
    ...{ current: 1, older: 1, size: 1, newer: 1, missing: 1, foreign: 1, behindSince: 5000 },
  });
});

Deno.test("compareWithSource() misses files only in directories that are carried", () => {
  const source: Record<string, [number, number]> = {
    "/a/b/1": [1, 1000],
    "/a/b/2": [1, 2000],
    "/a/3": [1, 3000],
    "/c/4": [1, 4000],
    "/5": [1, 5000],
  };
  const found = compared(source, { "/a/b/1": [1, 1000] });
  assertEquals(found, { ...NONE, current: 1, missing: 3, behindSince: 2000 });
  assertEquals(compared(source, {}), NONE);
});

Deno.test("compareWithSource() compares as the selection does", () => {
  const differs = (rule: Partial<ComparisonRule>): number | null =>
    compared({ "/a": [1, 10_000] }, { "/a": [1, 8000] }, rule).older!;
  assertEquals(differs({}), 1);
  assertEquals(differs({ tolerance: 2000 }), 0);
  assertEquals(differs({ timeZoneOffset: 2000 }), 0);
  const same = { "/a": [1, 10_000] } satisfies Record<string, [number, number]>;
  assertEquals(compared(same, same, { timeZoneOffset: 2000 }), { ...NONE, newer: 1 });
  assertEquals(differs({ precision: 20_000 }), 0);
  assertEquals(differs({ mirror: { compare: "size", paths: [] } }), 0);
  assertEquals(compared({ "/a": [1, null] }, { "/a": [1, 5] }), { ...NONE, current: 1 });
});

Deno.test("compareWithSource() leaves out what the mirror does not carry on purpose", () => {
  const source: Record<string, [number, number]> = {
    "/iso/a": [1, 1000],
    "/iso/b": [1, 1000],
    "/iso/nightly/c": [1, 1000],
    "/iso/nightly/d": [1, 1000],
    "/other/e": [1, 1000],
  };
  const mirror: Record<string, [number, number]> = {
    "/iso/a": [1, 1000],
    "/iso/nightly/c": [2, 1000],
    "/other/e": [1, 1000],
    "/own": [1, 1000],
  };
  const paths = ["/iso/", "!/iso/nightly/"];
  assertEquals(compared(source, mirror, { mirror: { compare: null, paths } }), {
    ...NONE,
    ...{ current: 1, missing: 1, foreign: 1, behindSince: 1000 },
  });
});

Deno.test("compareWithSource() counts from when a version was first seen, not from its time", () => {
  const table = new FileTable();
  for (let i = 0; i < 2000; i++) table.add(`/current/${i}`, 1, 50_000);
  table.add("/current/old", 1, 50_000, 1000);
  table.add("/a/late", 1, 2000, 30_000);
  table.add("/a/missing", 1, 3000, 40_000);
  table.add("/a/size", 1, 4000, 20_000);
  const since = (lacking: readonly string[]): number | null =>
    compareWithSource(
      table,
      (path) => {
        const slot = table.find(path);
        const copy = { size: table.sizeAt(slot), modTime: table.modTimeAt(slot) };
        if (!lacking.includes(path)) return copy;
        if (path === "/a/missing") return null;
        return path === "/a/size" ? { ...copy, size: 2 } : { ...copy, modTime: 0 };
      },
      table.length,
      RULE,
    ).behindSince;
  assertEquals(since([]), null);
  assertEquals(since(["/a/late", "/a/missing"]), 30_000);
  assertEquals(since(["/a/missing"]), 40_000);
  assertEquals(since(["/a/size", "/a/late"]), 20_000);
  // Nobody saw when these came.
  assertEquals(since(["/a/size", "/current/7"]), 20_000);
  assertEquals(since(["/current/7"]), 50_000);
});

/** Counts as the rules read, file by file. */
function plainCount(
  source: readonly ListedFile[],
  mirror: ReadonlyMap<string, ListedFile>,
): Record<string, number | null> {
  const counts = { ...NONE, behindSince: Infinity };
  for (const { path, size, modTime } of source) {
    const copy = mirror.get(path);
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    const carried = source.some((other) =>
      other.path.startsWith(directory) && mirror.has(other.path)
    );
    if (copy === undefined && !carried) continue;
    const what = copy === undefined
      ? "missing"
      : modTime === null || copy.modTime === null || modTime === copy.modTime
      ? size === copy.size ? "current" : "size"
      : modTime > copy.modTime
      ? "older"
      : "newer";
    counts[what]++;
    if (what === "current" || what === "newer") continue;
    counts.behindSince = Math.min(counts.behindSince, modTime ?? Infinity);
  }
  const paths = new Set(source.map(({ path }) => path));
  counts.foreign = [...mirror.keys()].filter((path) => !paths.has(path)).length;
  return { ...counts, behindSince: counts.behindSince === Infinity ? null : counts.behindSince };
}

Deno.test("compareWithSource() counts a listing in any order as a plain count does", () => {
  const file = fc.record({
    path: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
      .map((names) => `/${names.join("/")}.f`),
    size: fc.nat({ max: 2 }),
    modTime: fc.constantFrom(null, 1000, 2000, 3000),
  });
  const files = fc.uniqueArray(file, { maxLength: 20, selector: ({ path }) => path });
  // Most scans find most of what was there, in the same order.
  const three = fc.tuple(files, files, files, fc.boolean()).map(([source, before, now, same]) =>
    same ? [source, [...source, ...without(before, source)], [...without(source, now), ...now]] : [
      source,
      before,
      now,
    ]
  );
  fc.assert(fc.property(three, ([source = [], before = [], now = []]) => {
    const [table, previous] = [new FileTable(), new FileTable()];
    for (const { path, size, modTime } of source) table.add(path, size, modTime);
    for (const { path, size, modTime } of before) previous.add(path, size, modTime);
    const difference = new ListingDifference(previous);
    for (const listed of now) difference.add(listed);
    const { removed, indexed } = difference.finish();
    const found = compareWithSource(table, difference.copies(removed), indexed, RULE);
    assertEquals({ ...found }, plainCount(source, new Map(now.map((one) => [one.path, one]))));
  }));
});

function without(files: readonly ListedFile[], others: readonly ListedFile[]): ListedFile[] {
  return files.filter(({ path }) => !others.some((other) => other.path === path));
}
