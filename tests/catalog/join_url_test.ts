import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cleanPath } from "../../lib/catalog/clean_path.ts";
import { encodePath } from "../../lib/catalog/encode_path.ts";
import { joinUrl } from "../../lib/catalog/join_url.ts";

Deno.test("joinUrl() puts exactly one slash between base and path", () => {
  for (const base of ["http://host/repo/", "http://host/repo"]) {
    for (const path of ["/a/b.iso", "a/b.iso"]) {
      assertEquals(joinUrl(base, path), "http://host/repo/a/b.iso");
    }
  }
  assertEquals(joinUrl("https://host/", "/"), "https://host/");
});

Deno.test("joinUrl() makes a URL from which the path can be told again", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }).map(cleanPath), (path) => {
    const url = new URL(joinUrl("https://mirror.example/some/where/", encodePath(path)));
    assertEquals(url.host, "mirror.example");
    assertEquals(decodeURIComponent(url.pathname), "/some/where" + path);
  }));
});
