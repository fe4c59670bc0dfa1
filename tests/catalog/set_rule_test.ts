import { assertEquals } from "@std/assert";
import { READY_SETS, type SetRule, SetRules } from "../../lib/catalog/set_rule.ts";

function belowOf(path: string, rules: readonly SetRule[]): string | null {
  return new SetRules(rules).rootOf(path)?.below ?? null;
}

Deno.test("the ready-made sets know their roots, and what belongs to them", () => {
  const cases: readonly [string, string, string | null][] = [
    ["apt", "/dists/stable/InRelease", "/dists/stable/"],
    ["apt", "/debian/dists/stable/updates/InRelease", "/debian/dists/stable/updates/"],
    ["apt", "/dists/stable/Release", null],
    ["rpm", "/repodata/repomd.xml", "/repodata/"],
    ["rpm", "/9/BaseOS/x86_64/os/repodata/repomd.xml", "/9/BaseOS/x86_64/os/repodata/"],
    ["arch", "/core/os/x86_64/core.db.tar.gz", "/core/os/x86_64/"],
    ["arch", "/core/os/x86_64/core.db", "/core/os/x86_64/"],
    ["arch", "/core.db", null],
    ["alpine", "/v3.20/main/x86_64/APKINDEX.tar.gz", "/v3.20/main/x86_64/"],
    ["jenkins", "/updates/update-center.json", "/updates/"],
  ];
  for (const [name, path, below] of cases) {
    assertEquals(belowOf(path, READY_SETS[name]!), below, path);
  }
});

Deno.test("wildcards are bound from left to right, each as short as possible", () => {
  const rule = { immutable: [], maxBehind: 1, quorum: 50 };
  const of = (root: string, below: string, path: string): string | null =>
    belowOf(path, [{ ...rule, root, below }]);
  assertEquals(of("/*/x/*/root", "/*/y/*/", "/a/x/b/root"), "/a/y/b/");
  assertEquals(of("/*-*.idx", "/files/*/*.txt", "/a-b-c.idx"), "/files/a/b-c.txt");
  assertEquals(of("/**/x/**/root", "/**/", "/a/x/b/x/root"), "/a/");
  assertEquals(of("/a.b/*", "/a.b/*/", "/aXb/c"), null);
});

Deno.test("names with hashes, packages and by-hash never change", () => {
  const rules = new SetRules(READY_SETS.apt!);
  const [rule] = READY_SETS.apt!;
  const immutable = (path: string): boolean => rules.isImmutable(path, rule!);
  assertEquals(immutable("/dists/a/main/by-hash/SHA256/1"), true);
  assertEquals(immutable(`/dists/a/${"0123456789abcdef".repeat(2)}-primary.xml`), true);
  assertEquals(immutable("/dists/a/pool/x.deb"), true);
  assertEquals(immutable("/dists/a/main/Packages.gz"), false);
  assertEquals(immutable(`/${"0123456789abcdef".repeat(2)}/Packages.gz`), false);
});
