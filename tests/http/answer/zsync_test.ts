import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PieceHashes } from "../../../lib/catalog/piece_hashes.ts";
import { ZSYNC_PART, zsyncBlock, type ZsyncSums } from "../../../lib/catalog/zsync_sums.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { FILE_TIME, indexedFile, MIRRORS, Site, type SiteOptions } from "../fixtures.ts";

const SE = "89.160.20.112";
/** Enough for two parts and some. */
const SIZE = 2048 * 28_000 - 5;
const CONFIG = { zsync: true, pieceHashMinSize: 1, gzip: true } as const;
const SUMS = Uint8Array.from({ length: 20 * 28_000 }, (_, i) => (i * 31 >> 3) & 255);

function siteOf(path: string, changes: Partial<PieceHashes> = {}, options: SiteOptions = {}) {
  const size = changes.size ?? SIZE;
  const record = {
    path,
    size: SIZE,
    modTime: FILE_TIME,
    sha256: "ab".repeat(32),
    length: 262_144,
    sha1: new Uint8Array(20),
    root: null,
    layer: null,
    zsync: { block: zsyncBlock(size), sha1: "12".repeat(20), sums: SUMS } as ZsyncSums,
    ...changes,
  };
  const pieces = new Map([[path, record]]);
  const site = new Site({
    files: [indexedFile(path, { size: SIZE, sha256: "ab".repeat(32) }), indexedFile("/small")],
    pieces,
    ...options,
    config: { ...CONFIG, ...options.config },
  });
  return { site, pieces, record };
}

/** The text before the sums. */
async function textOf(response: Response): Promise<string> {
  const body = new TextDecoder("latin1").decode(await response.arrayBuffer());
  return body.slice(0, body.indexOf("\n\n") + 1);
}

Deno.test("?zsync is a control file with known length, streamed, and nothing else in it", async () => {
  const { site } = siteOf("/d/a b+ü.iso");
  const asked = "/d/a%20b+%C3%BC.iso";
  for (const target of [`${asked}?zsync`, `${asked}.zsync`]) {
    const headers = { "Accept-Encoding": "gzip" };
    const response = await site.get(target, { from: SE, headers });
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("Content-Type"), "application/x-zsync");
    assertEquals(response.headers.get("Cache-Control"), "private, no-cache, no-transform");
    assertEquals(response.headers.get("ETag"), null);
    assertEquals(response.headers.get("Content-Encoding"), null);
    assertEquals(response.headers.get("Vary"), null);
    assertEquals(response.headers.get("Last-Modified"), "Tue, 14 Nov 2023 23:13:20 GMT");
    assertEquals(
      response.headers.get("Content-Disposition"),
      `attachment; filename="a b+_.iso.zsync"; filename*=UTF-8''a%20b%2B%C3%BC.iso.zsync`,
    );
    assert(response.body instanceof ReadableStream);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assertEquals(response.headers.get("Content-Length"), `${bytes.length}`);
    const text = new TextDecoder().decode(bytes.subarray(0, bytes.length - SUMS.length));
    assertEquals(
      text,
      "zsync: 0.6.2\nFilename: a b+ü.iso\nMTime: Tue, 14 Nov 2023 23:13:20 +0000\n" +
        `Blocksize: 2048\nLength: ${SIZE}\nHash-Lengths: 1,4,16\n` +
        `URL: http://m2.example${asked}\n` +
        `SHA-1: ${"12".repeat(20)}\nSafe: File-Hash\nFile-Hash: SHA-256:${"ab".repeat(32)}\n\n`,
    );
    assertEquals(bytes.subarray(bytes.length - SUMS.length), SUMS);
  }
  const head = await site.get(`${asked}?zsync`, { method: "HEAD" });
  assertEquals([head.status, (await head.bytes()).length], [200, 0]);
  assert(Number(head.headers.get("Content-Length")) > SUMS.length);
  const since = { "If-Modified-Since": new Date(FILE_TIME).toUTCString() };
  assertEquals((await site.get(`${asked}?zsync`, { headers: since })).status, 304);
});

Deno.test("?zsync names five mirrors of the draw at most, over HTTP wherever they serve that", async () => {
  const alike = { latitude: 58.4167, longitude: 15.6167, countryCodes: ["SE"] };
  const mirrors = Array.from(
    { length: 9 },
    (_, i) => mirrorRecord(i + 1, { ...alike, httpUrl: `m${i + 1}.example/`, httpsUp: true }),
  );
  const copies = mirrors.map(({ id }) => ({ mirrorId: id, size: SIZE, modTime: FILE_TIME }));
  const file = { ...indexedFile("/a", { size: SIZE }), copies };
  const { site } = siteOf("/a", {}, { mirrors, files: [file] });
  const urls = async (target: string, headers = {}) =>
    (await textOf(await site.get(target, { from: SE, headers }))).match(/^URL: https?/gm)!;
  assertEquals(await urls("/a?zsync"), Array(5).fill("URL: http"));
  assertEquals(await urls("/a?zsync&https=1"), Array(5).fill("URL: https"));
  const https = { "X-Forwarded-Proto": "https" };
  assertEquals(await urls("/a?zsync", https), Array(5).fill("URL: https"));
  assertEquals(await urls("/a?zsync", { "X-Forwarded-Proto": "http" }), Array(5).fill("URL: http"));
  const nowhere = await textOf(await site.get("/a?zsync"));
  assertEquals(nowhere.match(/^URL: /gm)!.length, 5);
  const only = [mirrorRecord(1, { httpUrl: "https://m1.example/", httpsUp: true, httpUp: false })];
  const secure = siteOf("/a", {}, { mirrors: only });
  assertStringIncludes(
    await textOf(await secure.site.get("/a?zsync")),
    "URL: https://m1.example/a\n",
  );
  const fallbacks = [{ url: "f.example/", countryCode: "", continentCode: "" }];
  const none = siteOf("/a", {}, { mirrors: [], config: { fallbacks } });
  assertStringIncludes(await textOf(await none.site.get("/a?zsync")), "URL: http://f.example/a\n");
});

Deno.test("?zsync is refused for what has no sums, or those of another version", async () => {
  const versions = [{ size: SIZE - 1 }, { modTime: FILE_TIME + 1 }, { sha256: "00".repeat(32) }];
  for (const changes of versions) {
    const response = await siteOf("/a", changes).site.get("/a?zsync");
    assertEquals([response.status, response.headers.get("Retry-After")], [503, "300"]);
    assertStringIncludes(await response.text(), "not computed yet");
  }
  const other = siteOf("/a", {}, {
    files: [indexedFile("/a", { size: SIZE, sha1: "00".repeat(20) })],
  });
  assertEquals((await other.site.get("/a?zsync")).status, 503);
  const { site } = siteOf("/a");
  assertEquals((await site.get("/small?zsync")).status, 404);
  assertEquals(
    (await siteOf("/a\nURL: x").site.get("/a%0AURL:%20x?zsync")).status,
    404,
  );
  assertEquals((await siteOf("/a", {}, { mirrors: [] }).site.get("/a?zsync")).status, 503);
  const off = siteOf("/a", {}, { config: { zsync: false } });
  assertEquals((await off.site.get("/a?zsync", { from: SE })).status, 302);
  assertEquals((await off.site.get("/a.zsync")).status, 404);
  const away = siteOf("/a", {}, { mirrors: MIRRORS.slice(0, 1) });
  assertEquals((await away.site.get("/a?zsync")).status, 200);
});

Deno.test("sums that vanish while they are sent cut the answer", async () => {
  const { site, pieces, record } = siteOf("/a");
  const response = await site.get("/a?zsync");
  const reader = response.body!.getReader();
  await reader.read();
  assertEquals((await reader.read()).value!.length, ZSYNC_PART);
  pieces.set("/a", { ...record, zsync: { ...record.zsync, sha1: "34".repeat(20) } });
  // It was promised more: the runtime ends the connection.
  assertEquals((await reader.read()).done, true);
});
