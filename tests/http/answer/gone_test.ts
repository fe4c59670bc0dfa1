import { assertEquals, assertStringIncludes } from "@std/assert";
import { indexedFile, NOW, Site } from "../fixtures.ts";

const JSON_ACCEPT = { headers: { Accept: "application/json" } };

function siteOf(keepRemoved: number): Site {
  const indexed = indexedFile("/pool/old.iso");
  const site = new Site({
    config: { keepRemoved, exclude: ["/private/"] },
    gone: new Map([
      ["/pool/old.iso", { indexed, time: NOW - 60_000 }],
      ["/private/old.iso", { indexed, time: NOW - 60_000 }],
    ]),
  });
  const put = new Map(["/pool/old.iso", "/private/old.iso", "/pool"].map((path) => [path, ""]));
  site.side.receive({ type: "notes", kind: "gone", fresh: true, put, removed: [] });
  return site;
}

Deno.test("a file that left is answered by mirrors that have it, and says so", async () => {
  const site = siteOf(2);
  const redirect = await site.get("/pool/old.iso");
  assertEquals(redirect.status, 302);
  assertEquals(redirect.headers.get("Location")?.endsWith("/pool/old.iso"), true);
  const { FileInfo } = await (await site.get("/pool/old.iso", JSON_ACCEPT)).json();
  assertEquals(FileInfo.Gone, new Date(NOW - 60_000).toISOString());
  assertStringIncludes(
    await (await site.get("/pool/old.iso?mirrorlist")).text(),
    "Gone: 22 Nov 2026, ",
  );
  assertEquals((await site.get("/pool/old.iso?sha256")).status, 200);
  for (const word of ["meta4", "metalink", "torrent", "zsync"]) {
    const config = { ...site.side.config, torrents: true, zsync: true, pieceHashMinSize: 0 };
    site.side.receive({ type: "configuration", config });
    assertEquals((await site.get(`/pool/old.iso?${word}`)).status, 404, word);
    assertEquals((await site.get(`/pool/old.iso.${word}`)).status, 404, word);
  }
  assertEquals((await site.get("/private/old.iso")).status, 404);
});

Deno.test("it is 404 once it is forgotten, or left too long ago", async () => {
  const site = siteOf(2);
  site.now += 61_000;
  assertEquals((await site.get("/pool/old.iso")).status, 404);
  const other = siteOf(2);
  assertEquals((await other.get("/pool/old.iso")).status, 302);
  const removed = ["/pool/old.iso"];
  other.side.receive({ type: "notes", kind: "gone", fresh: false, put: new Map(), removed });
  assertEquals((await other.get("/pool/old.iso")).status, 404);
  // Nobody noted it after all.
  assertEquals((await other.get("/pool")).status, 404);
});
