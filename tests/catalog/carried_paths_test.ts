import { assertEquals } from "@std/assert";
import { carriesPath } from "../../lib/catalog/carried_paths.ts";

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
