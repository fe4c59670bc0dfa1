import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { areLatestNames, compareVersions, LatestPattern } from "../../lib/catalog/latest_rule.ts";

const RULE = {
  path: "/latest/app-{os}.zip",
  pattern: "/releases/{version}/app-{version}-{os}.zip",
};

Deno.test("a file is a version of what its name says", () => {
  const { read } = bound(RULE);
  assertEquals(read("/releases/1.10/app-1.10-linux.zip"), {
    path: "/latest/app-linux.zip",
    version: "1.10",
  });
  for (
    const path of [
      "/releases/1.10/app-1.9-linux.zip",
      "/releases/1.10-rc1/app-1.10-rc1-linux.zip",
      "/releases/1./app-1.-linux.zip",
      "/releases/1.0/app-1.0-li/nux.zip",
      "/releases/1.0/app-1.0-.zip",
      "/other/1.0/app-1.0-linux.zip",
    ]
  ) assertEquals(read(path), null, path);
  assertEquals(bound({ path: "/latest", pattern: "/a+b/{version}" }).read("/a+b/2")?.version, "2");
});

function bound(rule: typeof RULE): Pick<LatestPattern, "read"> {
  const pattern = new LatestPattern(rule);
  return { read: (path) => pattern.read(path) };
}

Deno.test("names have to fit", () => {
  assertEquals(areLatestNames(RULE.path, RULE.pattern), true);
  assertEquals(areLatestNames("/latest/app.zip", RULE.pattern), false);
  assertEquals(areLatestNames(RULE.path, "/releases/app-{os}.zip"), false);
  assertEquals(areLatestNames("/{version}/{os}", "/{version}/{os}/x"), false);
  assertEquals(areLatestNames("/latest", "/r/{version}"), true);
});

Deno.test("versions are compared by their numbers", () => {
  assertEquals(compareVersions("1.10", "1.9"), 1);
  assertEquals(compareVersions("2", "10"), -1);
  assertEquals(compareVersions("1.0", "1"), 0);
  assertEquals(compareVersions("1.0.1", "1"), 1);
  assertEquals(compareVersions("01.2", "1.02"), 0);
  const version = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(version, version, (a, b) => {
    const [one, other] = [a.join("."), b.join(".")];
    assertEquals(compareVersions(one, other), -compareVersions(other, one));
  }));
});

Deno.test("no name makes reading slow", () => {
  const pattern = new LatestPattern({
    path: "/l/{a}-{b}-{c}",
    pattern: "/x/{a}-{b}-{c}-{version}",
  });
  // A thousand hyphens can be parted in millions of ways, of which none fits.
  const began = performance.now();
  assertEquals(pattern.read(`/x/${"-".repeat(250)}!`), null);
  assertEquals(performance.now() - began < 5000, true);
});
