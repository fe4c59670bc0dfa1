import { assertEquals } from "@std/assert";
import {
  lackingBelow,
  MOST_CARRIED,
  NOTHING_THERE,
  parseCarriedTree,
} from "../../lib/catalog/carried_tree.ts";

Deno.test("lackingBelow() goes by the nearest directory that is noted, and comes to an end", () => {
  const tree = { scan: 1, lacking: new Map([["/", 3], ["/a/", 0], ["/a/b/", NOTHING_THERE]]) };
  const cases: readonly (readonly [string, number])[] = [
    ["/", 3],
    ["/x/", 3],
    ["/a/", 0],
    ["/a/c/d/", 0],
    ["/a/b/c/", NOTHING_THERE],
  ];
  for (const [path, lacking] of cases) assertEquals(lackingBelow(tree, path), lacking, path);
  // What a scan notes of an empty source, or somebody else wrote.
  const empty = parseCarriedTree('{"scan":1,"lacking":{}}')!;
  for (const path of ["/", "/a/", "/a/b/c/", "", "a"]) {
    assertEquals(lackingBelow(empty, path), NOTHING_THERE, path);
  }
});

Deno.test("parseCarriedTree() takes nothing that is none, and no more than a bound", () => {
  for (const text of ["", "null", "7", '{"scan":1}', '{"scan":1,"lacking":{"a":1}}']) {
    assertEquals(parseCarriedTree(text), null, text);
  }
  const many = Object.fromEntries(Array.from({ length: MOST_CARRIED + 9 }, (_, i) => [`/${i}`, 1]));
  const tree = parseCarriedTree(JSON.stringify({ scan: 1, lacking: many }));
  assertEquals(tree?.lacking.size, MOST_CARRIED);
});
