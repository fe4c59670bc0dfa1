import { assertEquals, assertMatch } from "@std/assert";
import { READY_SETS } from "../../lib/catalog/set_rule.ts";
import { uncoveredRoots } from "../../lib/sets/uncovered_roots.ts";

Deno.test("metadata that no set covers is told, one line for each kind", () => {
  const paths = [
    ...["/dists/a/InRelease", "/dists/b/InRelease", "/r/repodata/repomd.xml", "/iso/x.iso"],
    ...["/v3/main/APKINDEX.tar.gz", "/core/os/x86_64/core.db.tar.gz", "/repomd.xml"],
  ];
  const lines = uncoveredRoots(paths, []);
  assertEquals(lines.length, 4);
  assertMatch(lines[0]!, /covers \/dists\/a\/InRelease and 1 more: .*MetadataSets: \[apt\]/);
  const all = ["apt", "rpm", "alpine", "arch"].flatMap((name) => READY_SETS[name]!);
  assertEquals(uncoveredRoots(paths, all), []);
  assertEquals(uncoveredRoots(paths, READY_SETS.apt!).length, 3);
});
