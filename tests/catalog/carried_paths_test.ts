import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { carriesPath, mayCarryBelow } from "../../lib/catalog/carried_paths.ts";

Deno.test("carriesPath() goes by the longest prefix, and with exceptions alone carries all else", () => {
  const cases: [prefixes: string[], path: string, carried: boolean][] = [
    [[], "/a", true],
    [["/iso/"], "/iso/a", true],
    [["/iso/"], "/isolated", false],
    [["/iso/", "!/iso/nightly/"], "/iso/nightly/a", false],
    [["!/iso/nightly/", "/iso/"], "/iso/nightly/a", false],
    [["!/iso/nightly/", "/iso/"], "/iso/a", true],
    [["!/iso/nightly/", "/iso/"], "/b", false],
    [["/iso/", "!/iso/nightly/", "/iso/nightly/1/"], "/iso/nightly/1/a", true],
    [["!/iso/nightly/"], "/iso/nightly/a", false],
    [["!/iso/nightly/"], "/b", true],
    [["!/", "/iso/"], "/b", false],
  ];
  for (const [prefixes, path, carried] of cases) {
    assertEquals(carriesPath(prefixes, path), carried, `${prefixes} ${path}`);
  }
});

Deno.test("mayCarryBelow() leaves no directory out that has something", () => {
  const segment = fc.constantFrom("a", "b", "ab");
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => `/${all.join("/")}`);
  const prefix = fc.tuple(fc.constantFrom("", "!"), path, fc.constantFrom("", "/"))
    .map((parts) => parts.join(""));
  fc.assert(fc.property(fc.array(prefix, { maxLength: 4 }), path, (prefixes, file) => {
    if (!carriesPath(prefixes, file)) return;
    for (let end = 0; end >= 0; end = file.indexOf("/", end + 1)) {
      assertEquals(mayCarryBelow(prefixes, file.slice(0, end + 1)), true);
    }
  }));
  assertEquals(mayCarryBelow(["/iso/"], "/"), true);
  assertEquals(mayCarryBelow(["/iso/"], "/other/"), false);
  assertEquals(mayCarryBelow(["/iso/", "!/iso/nightly/"], "/iso/nightly/"), false);
  assertEquals(mayCarryBelow(["!/iso/nightly/", "/iso/nightly/1/"], "/iso/nightly/"), true);
});
