import { assertEquals } from "@std/assert";
import { isPathPattern, pathTest } from "../../lib/catalog/path_patterns.ts";

Deno.test("pathTest() tests whole paths, names anywhere, directories with all in them", () => {
  const cases: [pattern: string, path: string, matches: boolean][] = [
    ["/archive/**", "/archive/a/b", true],
    ["/archive/**", "/archive", false],
    ["/archive/**", "/archives/a", false],
    ["/private/", "/private", true],
    ["/private/", "/private/a", true],
    ["/private/", "/pool/private/a", false],
    ["private", "/pool/private/a", true],
    ["*.tmp", "/a.tmp", true],
    ["*.tmp", "/pool/.hidden.tmp", true],
    ["*.tmp", "/pool/x.tmp/inside", true],
    ["*.tmp", "/pool/x.tmpl", false],
    ["/pool/*/old", "/pool/a/old", true],
    ["/pool/*/old", "/pool/a/b/old", false],
    ["/pool/**/old", "/pool/a/b/old", true],
    ["/pool/**/old", "/pool/old", true],
    ["/a+(b)", "/a+(b)", true],
    ["/a+(b)", "/aab", false],
    ["/new\u{1f4a9}*", "/new\u{1f4a9}\n", true],
  ];
  for (const [pattern, path, matches] of cases) {
    assertEquals(pathTest([pattern])!(path), matches, `${pattern} ${path}`);
  }
  assertEquals(pathTest([]), null);
});

Deno.test("isPathPattern() refuses what would match everything, or nothing", () => {
  for (const text of ["", "/", "//", "a\nb", "x".repeat(1001)]) {
    assertEquals(isPathPattern(text), false, text);
  }
});
