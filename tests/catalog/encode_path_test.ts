import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { cleanPath } from "../../lib/catalog/clean_path.ts";
import { encodePath } from "../../lib/catalog/encode_path.ts";

/** Clean paths of any characters, also those that have no UTF-8 form. */
const paths = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("/", "a", "%", "#", "?", " ", "ü", "日", "😀", "[", "+", "\n"),
  }),
).map(cleanPath);

Deno.test("encodePath() leaves alone what is legal in a path", () => {
  const legal = "/AZaz09-._~!$&'()*+,;=:@/x";
  assertEquals(encodePath(legal), legal);
  assertEquals(
    encodePath("/pool/main/l/libdelta++_0.9~rc1.deb"),
    "/pool/main/l/libdelta++_0.9~rc1.deb",
  );
});

Deno.test("encodePath() encodes everything else", () => {
  const table: [path: string, encoded: string][] = [
    ["/with space.txt", "/with%20space.txt"],
    ["/100%.txt", "/100%25.txt"],
    ["/pct%41.txt", "/pct%2541.txt"],
    ["/hash#tag", "/hash%23tag"],
    ["/question?mark", "/question%3Fmark"],
    ["/quote'and\"dq", "/quote'and%22dq"],
    ["/[brackets]{braces}", "/%5Bbrackets%5D%7Bbraces%7D"],
    ["/<a>|b^c`d\\e", "/%3Ca%3E%7Cb%5Ec%60d%5Ce"],
    ["/ü/日本/😀", "/%C3%BC/%E6%97%A5%E6%9C%AC/%F0%9F%98%80"],
    ["/a\r\nSet-Cookie: b", "/a%0D%0ASet-Cookie:%20b"],
    ["/\u0000\u001f\u007f", "/%00%1F%7F"],
    ["/lone\ud800surrogate", "/lone%EF%BF%BDsurrogate"],
  ];
  for (const [path, encoded] of table) assertEquals(encodePath(path), encoded);
});

Deno.test("encodePath() gives nothing but what RFC 3986 allows in a path", () => {
  fc.assert(fc.property(paths, (path) => {
    assertMatch(encodePath(path), /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*$/);
  }));
});

Deno.test("encodePath() is undone by decoding", () => {
  fc.assert(fc.property(paths, (path) => {
    assertEquals(decodeURIComponent(encodePath(path)), path.toWellFormed());
  }));
});

Deno.test("encodePath() gives a path that the URL parser takes as it is", () => {
  fc.assert(fc.property(paths, (path) => {
    const url = URL.parse("http://mirror.example" + encodePath(path));
    assert(url !== null);
    // Names like "%2e" are encoded to "%252e", so that no parser sees a dot segment.
    assertEquals(url.pathname, encodePath(path));
    assertEquals(url.search + url.hash, "");
  }));
});
