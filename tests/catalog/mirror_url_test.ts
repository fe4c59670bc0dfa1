import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  hasSchemeFor,
  hostnameOf,
  type MirrorUrlKind,
  normaliseMirrorUrl,
  withoutCredentials,
} from "../../lib/catalog/mirror_url.ts";

const KINDS: MirrorUrlKind[] = ["HTTP", "rsync", "FTP"];

Deno.test("normaliseMirrorUrl() completes what an operator typed", () => {
  const table: [MirrorUrlKind, input: string, url: string][] = [
    ["HTTP", "", ""],
    ["HTTP", "http://host", "http://host/"],
    ["HTTP", "https://host/repo", "https://host/repo/"],
    ["HTTP", "http://host/repo/", "http://host/repo/"],
    ["HTTP", "  http://host/\n", "http://host/"],
    ["HTTP", "HTTPS://Host/Repo", "https://Host/Repo/"],
    ["HTTP", "host/repo", "host/repo/"],
    ["HTTP", "host:8080", "host:8080/"],
    ["HTTP", "[2001:db8::1]:8080/repo", "[2001:db8::1]:8080/repo/"],
    ["HTTP", "http://127.0.0.1:80/a%20b/~x+y", "http://127.0.0.1:80/a%20b/~x+y/"],
    ["HTTP", "http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC/"],
    ["HTTP", "bücher.example/ü", "xn--bcher-kva.example/%C3%BC/"],
    ["HTTP", 'http://host/<a>"b|c^d', "http://host/%3Ca%3E%22b%7Cc%5Ed/"],
    ["rsync", "", ""],
    ["rsync", "rsync://host/module", "rsync://host/module/"],
    ["rsync", "rsyncs://user:p%ss@host:874/module/", "rsyncs://user:p%ss@host:874/module/"],
    ["rsync", "RSYNC://host/Mödule", "rsync://host/Mödule/"],
    ["rsync", "http://host/", "http://host/"],
    ["FTP", "ftp://host/pub", "ftp://host/pub/"],
    ["FTP", "ftps://user@host:2121/", "ftps://user@host:2121/"],
  ];
  for (const [kind, input, url] of table) assertEquals(normaliseMirrorUrl(kind, input), url, input);
});

Deno.test("normaliseMirrorUrl() says what is wrong", () => {
  for (const input of ["ftp://host/", "rsync://host/m", "file:///etc/passwd", "javascript://x"]) {
    const error = assertThrows(() => normaliseMirrorUrl("HTTP", input), TypeError);
    assertEquals(error.message, "The HTTP URL has an invalid scheme", input);
  }
  for (
    const input of [
      "http://%zz/",
      "http://",
      "http:///repo",
      "http:/host",
      "//host/repo",
      "mailto:ann",
      "http://host:port/",
      "http://host:99999/",
      "http://host/100%",
      "http://host/#top",
      "http://host/#",
      "http://ho st/",
      "http://host/a b",
      "http://host/\r\nX-Header: 1",
      "http://host/\u0000",
      "http://host/\u0085",
      "http://host\\@other/",
      "/repo",
    ]
  ) {
    const error = assertThrows(() => normaliseMirrorUrl("HTTP", input), TypeError);
    assertEquals(error.message, "Can't parse HTTP URL", JSON.stringify(input));
  }
  assertThrows(() => normaliseMirrorUrl("rsync", "rsync://host::module"), TypeError, "rsync URL");
  assertThrows(
    () => normaliseMirrorUrl("rsync", "rsync://user:pa/ss@host/m"),
    TypeError,
    "rsync URL",
  );
  assertThrows(
    () => normaliseMirrorUrl("FTP", "ftp://host/a\nb"),
    TypeError,
    "Can't parse FTP URL",
  );
});

Deno.test("normaliseMirrorUrl() lets nothing through that could split a header", () => {
  const parts = fc.constantFrom(
    "http://",
    "https://",
    "host",
    "/",
    ":80",
    " ",
    "\r\n",
    "\t",
    "\u2028",
    "ü",
    "%41",
    "?",
    ">",
    "\u007f",
  );
  const inputs = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(parts).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), inputs, (kind, input) => {
      let url: string;
      try {
        url = normaliseMirrorUrl(kind, input);
      } catch (error) {
        assert(error instanceof TypeError);
        return;
      }
      assert(!/[\s\p{Cc}]/u.test(url), JSON.stringify(url));
      assert(url === "" || url.endsWith("/"));
      if (kind === "HTTP") assertMatch(url, /^[!-~]*$/);
      assertEquals(normaliseMirrorUrl(kind, url), url);
    }),
    { numRuns: 500 },
  );
});

Deno.test("hasSchemeFor() tells whether a URL is of use", () => {
  assert(hasSchemeFor("HTTP", "http://host/") && hasSchemeFor("HTTP", "https://host/"));
  assert(hasSchemeFor("rsync", "rsync://host/m/") && hasSchemeFor("rsync", "rsyncs://host/m/"));
  assert(hasSchemeFor("FTP", "ftp://host/") && hasSchemeFor("FTP", "FTPS://host/"));
  assert(!hasSchemeFor("rsync", "http://host/") && !hasSchemeFor("rsync", "host/"));
  assert(!hasSchemeFor("FTP", "rsync://host/") && !hasSchemeFor("FTP", ""));
});

Deno.test("hostnameOf() finds the host without port and brackets", () => {
  const table: [url: string, hostname: string | null][] = [
    ["http://host.example/", "host.example"],
    ["https://host.example:8443/repo/", "host.example"],
    ["host.example:8080/repo/", "host.example"],
    ["http://user:pass@host/", "host"],
    ["http://[2001:db8::1]:8080/", "2001:db8::1"],
    ["[::1]/", "::1"],
    ["127.0.0.1/sub/", "127.0.0.1"],
    ["rsync://user:pass@host:873/m/", "host"],
    ["", null],
    ["http://%zz/", null],
  ];
  for (const [url, hostname] of table) assertEquals(hostnameOf(url), hostname, url);
});

Deno.test("withoutCredentials() removes user and password", () => {
  const table: [url: string, shown: string][] = [
    ["", ""],
    ["rsync://host/m/", "rsync://host/m/"],
    ["rsync://user:pass@host/m/", "rsync://host/m/"],
    ["rsyncs://user@host:874/m/", "rsyncs://host:874/m/"],
    ["ftp://user:p@ss@host/pub/", "ftp://host/pub/"],
    ["ftp://user:p#s?s@host/pub/", "ftp://host/pub/"],
    ["rsync://user:pa/ss@host/m/", "rsync://host/m/"],
    ["user:pass@host/m/", "host/m/"],
    ["rsync://host/mail@home/", "rsync://host/mail@home/"],
    ["rsync://host:873/mail@home/", "rsync://host:873/mail@home/"],
    ["ftp://[::1]:21/mail@home/", "ftp://[::1]:21/mail@home/"],
    ["rsync://user:pass@[::1]/mail@home/", "rsync://[::1]/mail@home/"],
  ];
  for (const [url, shown] of table) assertEquals(withoutCredentials(url), shown, url);
});

Deno.test("withoutCredentials() keeps everything of the password back", () => {
  const passwords = fc.string({ minLength: 1 }).map((text) => `<${text.replaceAll("/", "")}>`);
  fc.assert(fc.property(passwords, (password) => {
    assertEquals(withoutCredentials(`rsync://user:${password}@host/m/`), "rsync://host/m/");
  }));
});
