import { assertEquals } from "@std/assert";
import { compareWithSource, type ComparisonRule } from "../../lib/scan/compare_with_source.ts";
import { FileTable } from "../../lib/scan/file_table.ts";

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
