import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatCarriedTree,
  lackingBelow,
  MOST_CARRIED,
  NOTHING_THERE,
  parseCarriedTree,
} from "../../lib/catalog/carried_tree.ts";
import { DirectoryTally } from "../../lib/scan/directory_tally.ts";

function tallied(files: readonly (readonly [string, boolean])[], named: string[] = []) {
  const tally = new DirectoryTally(named);
  for (const [path, there] of files) {
    tally.add(path.slice(0, path.lastIndexOf("/") + 1), 1, there ? 1 : 0);
  }
  return { scan: 1, lacking: tally.lacking() };
}

Deno.test("a directory says what is lacking below it, a deep one as the one above", () => {
  const tree = tallied([
    ["/a/1", true],
    ["/a/b/2", true],
    ["/c/3", false],
    ["/c/d/e/f/4", true],
    ["/c/d/e/g/5", false],
    ["/x/6", false],
  ], ["/c/d/e/f/"]);
  assertEquals(Object.fromEntries(tree.lacking), {
    "/": 3,
    "/a/": 0,
    "/c/": 2,
    "/c/d/": 1,
    "/c/d/e/": 1,
    "/c/d/e/f/": 0,
    "/x/": NOTHING_THERE,
  });
  assertEquals(lackingBelow(tree, "/a/b/"), 0);
  assertEquals(lackingBelow(tree, "/c/d/e/g/"), 1);
  assertEquals(lackingBelow(tree, "/x/y/"), NOTHING_THERE);
  assertEquals(parseCarriedTree(formatCarriedTree(tree)), tree);
});

Deno.test("a mirror that has everything is one directory", () => {
  const files = Array.from({ length: 2000 }, (_, i) => [`/d${i}/f`, true] as const);
  assertEquals([...tallied(files).lacking], [["/", 0]]);
});

Deno.test("no more directories are noted than a bound", () => {
  const files = Array.from({ length: 2000 }, (_, i) => [`/d${i}/f`, i > 5] as const);
  const { lacking } = tallied(files);
  assertEquals(lacking.size, MOST_CARRIED);
  // Those that are not there at all come first: nobody is to be sent to them.
  assertEquals(lacking.get("/d3/"), NOTHING_THERE);
});

Deno.test("counts are those of a plain model", () => {
  const name = fc.constantFrom("a", "b", "c");
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) =>
    `/${names.join("/")}/f`
  );
  fc.assert(fc.property(fc.array(fc.tuple(path, fc.boolean()), { minLength: 1 }), (files) => {
    const tree = tallied(files);
    for (const [one] of files) {
      const directory = one.slice(0, -1);
      if (directory.split("/").length > 5) continue;
      const below = files.filter(([other]) => other.startsWith(directory));
      const there = below.filter(([, there]) => there).length;
      const expected = there === 0 ? NOTHING_THERE : below.length - there;
      assertEquals(lackingBelow(tree, directory), expected, directory);
    }
  }));
});

Deno.test("what is no such note is nothing", () => {
  for (const text of ["", "[]", "null", '{"scan":1}', '{"scan":1,"lacking":{"a":1}}']) {
    assertEquals(parseCarriedTree(text), null);
  }
});
