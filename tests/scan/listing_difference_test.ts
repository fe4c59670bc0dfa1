import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { FileTable } from "../../lib/scan/file_table.ts";
import { liesBelow } from "../../lib/scan/lies_below.ts";
import { ListingDifference, type ListingResult } from "../../lib/scan/listing_difference.ts";

function tableOf(files: Iterable<ListedFile>): FileTable {
  const table = new FileTable();
  for (const { path, size, modTime } of files) table.add(path, size, modTime);
  return table;
}

const byPath = (a: ListedFile, b: ListedFile): number => a.path < b.path ? -1 : 1;

Deno.test("ListingDifference finds what a plain comparison finds", () => {
  const file = fc.record({
    path: fc.constantFrom("/a", "/b", "/c", "/d/e", "/f", "/g"),
    size: fc.nat({ max: 2 }),
    modTime: fc.constantFrom(null, 0, 1000, -1000),
  });
  const listing = fc.array(file, { maxLength: 20 });
  fc.assert(fc.property(listing, listing, (first, second) => {
    const previous = new Map(first.map((item) => [item.path, item]));
    const next = new Map(second.map((item) => [item.path, item]));
    const difference = new ListingDifference(tableOf(previous.values()));
    for (const item of second) difference.add(item);
    const { changed, removed, indexed } = difference.finish();

    const expected = [...next.values()].filter(({ path, size, modTime }) => {
      const before = previous.get(path);
      return before === undefined || before.size !== size || before.modTime !== modTime;
    });
    assertEquals([...changed].sort(byPath), expected.sort(byPath));
    assertEquals(
      [...removed].sort(),
      [...previous.keys()].filter((path) => !next.has(path)).sort(),
    );
    assertEquals(indexed, next.size);
  }));
});

Deno.test("ListingDifference takes the last of a path that is listed twice", () => {
  const before = { path: "/a", size: 1, modTime: 0 };
  const other = { path: "/a", size: 2, modTime: 0 };
  const there = new ListingDifference(tableOf([before]));
  there.add(other);
  there.add(before);
  assertEquals(there.finish(), { changed: [], removed: [], kept: 0, indexed: 1 });
  const added = new ListingDifference(tableOf([]));
  added.add(before);
  added.add(other);
  assertEquals(added.finish(), { changed: [other], removed: [], kept: 0, indexed: 1 });
});

Deno.test("FileTable grows and tells an unknown time from the epoch", () => {
  const table = new FileTable();
  for (let index = 0; index < 5000; index++) table.add(`/${index}`, index, index % 2 ? null : 0);
  assertEquals(table.length, 5000);
  const slot = table.find("/4999");
  assertEquals(table.matches(slot, 4999, null), true);
  assertEquals(table.matches(slot, 4999, 0), false);
  assertEquals(table.matches(slot, 4998, null), false);
  assertEquals(table.find("/5000"), -1);
});

Deno.test("ListingDifference keeps what could not be listed", () => {
  const previous = new FileTable();
  for (const path of ["/a/b/c", "/a/b2", "/a/gone", "/file", "/there"]) previous.add(path, 1, 0);
  const finish = (...unread: string[]): ListingResult => {
    const difference = new ListingDifference(previous);
    difference.add({ path: "/there", size: 1, modTime: 0 });
    return difference.finish(unread);
  };
  assertEquals(finish().removed, ["/a/b/c", "/a/b2", "/a/gone", "/file"]);
  assertEquals(finish("/a/b", "/file"), {
    changed: [],
    removed: ["/a/b2", "/a/gone"],
    kept: 2,
    indexed: 3,
  });
  assertEquals(finish(""), { changed: [], removed: [], kept: 4, indexed: 5 });
});

Deno.test("liesBelow() looks at every directory above, and at whole names", () => {
  for (
    const [path, directories, expected] of [
      ["/a/b/c", ["/a"], true],
      ["/a/b/c", ["/x", "/a/b"], true],
      ["/a/b/c", [""], true],
      ["/a", [""], true],
      ["/a/b/c", ["/a/b/c", "/b", "/a/", "a", "/a/b/c/d"], false],
      ["/ab/c", ["/a"], false],
      ["/a", [], false],
      ["/a/b", ["/a/"], true],
      ["/a/b/c", ["/a/"], false],
      ["/b", ["/"], true],
      ["/a/b", ["/"], false],
    ] as const
  ) assertEquals(liesBelow(path, new Set(directories)), expected, `${path} ${directories}`);
});

Deno.test("ListingDifference takes what directories below unread ones showed for all of it", () => {
  const previous = new FileTable();
  for (const path of ["/a/1", "/a/b/2", "/a/b/c/3", "/a/d/4"]) previous.add(path, 1, 0);
  const removed = (unread: string[], read: string[]): readonly string[] =>
    new ListingDifference(previous).finish(unread, read).removed;
  assertEquals(removed(["/a"], ["/a/b"]), ["/a/b/2", "/a/b/c/3"]);
  assertEquals(removed(["", "/a/b/c"], ["/a", "/a/b"]), ["/a/1", "/a/b/2", "/a/d/4"]);
  assertEquals(removed(["/a/"], []), ["/a/b/2", "/a/b/c/3", "/a/d/4"]);
});

Deno.test("ListingDifference is quick, however many directories could not be read", () => {
  const previous = new FileTable();
  const unread: string[] = [];
  for (let index = 0; index < 50_000; index++) {
    previous.add(`/pool/${index}/file`, 1, 0);
    unread.push(`/hidden/${index}`);
  }
  const difference = new ListingDifference(previous);
  const start = performance.now();
  assertEquals(difference.finish(unread).removed.length, 50_000);
  // To compare each with each would take half a minute.
  assert(performance.now() - start < 5_000);
});

Deno.test("ListingDifference.copies() tells what the mirror has by the new listing", () => {
  const previous = new FileTable();
  for (const path of ["/same", "/changed", "/gone"]) previous.add(path, 1, 1);
  const difference = new ListingDifference(previous);
  difference.add({ path: "/same", size: 1, modTime: 1 });
  difference.add({ path: "/changed", size: 2, modTime: 1 });
  difference.add({ path: "/new", size: 3, modTime: null });
  const copyOf = difference.copies(difference.finish().removed);
  const sizes = ["/same", "/changed", "/gone", "/new", "/none"].map((path) => copyOf(path)?.size);
  assertEquals(sizes, [1, 2, undefined, 3, undefined]);
});
