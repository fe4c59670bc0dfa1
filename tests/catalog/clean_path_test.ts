import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cleanPath, isClean } from "../../lib/catalog/clean_path.ts";

/** Paths in which everything that needs cleaning is frequent. */
const paths = fc.array(fc.constantFrom("/", ".", "..", "a", "...", "..a", "b.", " ", "%2e", "\\"))
  .map((parts) => parts.join(""));

Deno.test("cleanPath() removes what names nothing", () => {
  const table: [path: string, clean: string][] = [
    ["/", "/"],
    ["", "/"],
    [".", "/"],
    ["..", "/"],
    ["//", "/"],
    ["/.", "/"],
    ["/..", "/"],
    ["/a", "/a"],
    ["a", "/a"],
    ["/a/", "/a"],
    ["/a//b", "/a/b"],
    ["//a", "/a"],
    ["/a/./b", "/a/b"],
    ["/a/b/.", "/a/b"],
    ["/a/../b", "/b"],
    ["/a/b/..", "/a"],
    ["/a/b/../../c", "/c"],
    ["/../etc/passwd", "/etc/passwd"],
    ["/a/../../../etc/passwd", "/etc/passwd"],
    ["/.hidden/..hidden/...", "/.hidden/..hidden/..."],
    ["/a/%2e%2e/b", "/a/%2e%2e/b"],
    ["/a\\..\\b", "/a\\..\\b"],
    ["/a b/ü/日本\u0000", "/a b/ü/日本\u0000"],
  ];
  for (const [path, clean] of table) {
    assertEquals(cleanPath(path), clean, JSON.stringify(path));
    assertEquals(isClean(path), path === clean, JSON.stringify(path));
  }
});

Deno.test("cleanPath() gives a clean path, and leaves it alone", () => {
  fc.assert(fc.property(fc.oneof(paths, fc.string({ unit: "binary" })), (path) => {
    const clean = cleanPath(path);
    assert(isClean(clean), clean);
    assertEquals(cleanPath(clean), clean);
    assertEquals(isClean(path), path === clean);
    for (const segment of clean.slice(1).split("/")) {
      assert(segment !== "." && segment !== "..");
      assert(segment !== "" || clean === "/");
    }
  }));
});

Deno.test("cleanPath() goes where the URL standard's dot segments go", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom("a", "b", ".", "..")), (segments) => {
    const path = "/" + segments.join("/");
    const resolved = new URL(path, "http://host").pathname;
    assertEquals(cleanPath(path), resolved.replace(/(.)\/$/, "$1"));
  }));
});
