import { assert, assertEquals, assertThrows } from "@std/assert";
import { ListingError } from "../../lib/scan/lister.ts";
import { parseRsyncUrl } from "../../lib/scan/rsync_url.ts";

Deno.test("parseRsyncUrl() takes credentials out of the URL", () => {
  for (
    const [url, program, target, password] of [
      ["rsync://host/mod/", "rsync", "rsync://host/mod/", ""],
      ["rsync://user@host:873/mod/", "rsync", "rsync://user@host:873/mod/", ""],
      ["rsync://user:pass@[::1]:873/mod/a b/", "rsync", "rsync://user@[::1]:873/mod/a b/", "pass"],
      ["rsync://u:p%40s%3As@host/mod/", "rsync", "rsync://u@host/mod/", "p@s:s"],
      ["rsync://u:p@ss@host/mod/", "rsync", "rsync://u@host/mod/", "p@ss"],
      ["rsync://u:100%@host/mod/", "rsync", "rsync://u@host/mod/", "100%"],
      ["rsyncs://host/pct%41/@x/", "rsync-ssl", "rsync://host/pct%41/@x/", ""],
      ["RSYNC://host/mod", "rsync", "rsync://host/mod", ""],
    ] as const
  ) {
    assertEquals(parseRsyncUrl(url), { program, url: target, password }, url);
  }
});

Deno.test("parseRsyncUrl() refuses other schemes, in the original's words", () => {
  assertThrows(
    () => parseRsyncUrl("http://127.0.0.1/"),
    ListingError,
    "http://127.0.0.1/ does not start with rsync:// or rsyncs://",
  );
});

Deno.test("parseRsyncUrl() refuses a URL without a module, which would list nothing", () => {
  for (const end of ["", "/", "//"]) {
    const { message } = assertThrows(() => parseRsyncUrl(`rsync://u:p@host:8${end}`), ListingError);
    assertEquals(message, `The rsync URL "rsync://host:8${end}" names no module`);
  }
});

Deno.test("parseRsyncUrl() never shows a password", () => {
  for (
    const url of [
      "http://user:secret@host/",
      "user:secret@host/",
      "rsync://user:secret@/mod/",
      "rsync://user:sec/ret@host/mod/",
      "rsync://user:secret@host\0/",
    ]
  ) {
    const { message } = assertThrows(() => parseRsyncUrl(url), ListingError);
    assert(!message.includes("sec"), message);
  }
});
