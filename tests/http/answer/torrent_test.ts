import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { PieceHashes } from "../../../lib/catalog/piece_hashes.ts";
import { bencode } from "../../../lib/http/render/bencode.ts";
import { PieceHasher } from "../../../lib/scan/piece_hasher.ts";
import { FILE_TIME, indexedFile, Site, type SiteOptions } from "../fixtures.ts";

const SE = "89.160.20.112";
const SIZE = 1_100_000;
const HOST = { Host: "dl.example.org" };
const CONFIG = { torrents: true, pieceHashMinSize: 1, gzip: true } as const;

function siteOf(path: string, changes: Partial<PieceHashes> = {}, options: SiteOptions = {}) {
  const bytes = new Uint8Array(SIZE).fill(7);
  const hasher = new PieceHasher(SIZE, true);
  hasher.update(bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const pieces = { path, size: SIZE, modTime: FILE_TIME, sha256, ...hasher.finish(), ...changes };
  const file = indexedFile(path, { size: SIZE, sha256 });
  return {
    pieces,
    site: new Site({
      files: [file, indexedFile("/small")],
      pieces: new Map([[path, pieces]]),
      ...options,
      config: { ...CONFIG, ...options.config },
    }),
  };
}

Deno.test("bencode() counts bytes and sorts keys by them", () => {
  const text = (value: Parameters<typeof bencode>[0]): string =>
    Buffer.from(bencode(value)).toString();
  assertEquals(text(-3), "i-3e");
  assertEquals(text("ü"), "2:ü");
  assertEquals(text([1, "a", []]), "li1e1:alee");
  assertEquals(text(new Map<string, number>([["b", 1], ["a", 0], ["", 2]])), "d0:i2e1:ai0e1:bi1ee");
  assertEquals(text(new Map([["\uffff", 1], ["\u{10000}", 0]])), "d3:\uffffi1e4:\u{10000}i0ee");
});

Deno.test("?torrent has nothing in its info but what is demanded, and the mirrors as web seeds", async () => {
  const trackers = [["udp://a.example:1"], ["http://b.example/announce?x&y", "wss://c.example/"]];
  const { site, pieces } = siteOf("/d/a b+ü&.iso", {}, { config: { torrentTrackers: trackers } });
  const asked = "/d/a%20b+%C3%BC&.iso";
  const headers = { ...HOST, "Accept-Encoding": "gzip" };
  const response = await site.get(`${asked}?torrent`, { from: SE, headers });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("Content-Type"), "application/x-bittorrent");
  assertEquals(response.headers.get("Content-Encoding"), null);
  assertStringIncludes(response.headers.get("Cache-Control")!, "no-transform");
  assertEquals(response.headers.get("ETag"), null);
  const bytes = Buffer.from(await response.arrayBuffer());
  const info = Buffer.concat([
    Buffer.from(`d6:lengthi${SIZE}e4:name11:a b+ü&.iso12:piece lengthi262144e6:pieces100:`),
    pieces.sha1,
    Buffer.from("e"),
  ]);
  const btih = createHash("sha1").update(info).digest("hex");
  assertEquals(
    bytes.toString("latin1"),
    Buffer.concat([
      Buffer.from(
        "d8:announce17:udp://a.example:113:announce-listll17:udp://a.example:1el" +
          "29:http://b.example/announce?x&y16:wss://c.example/ee10:created by16:Mirrorbits/1.2.3" +
          `13:creation datei${Math.floor(FILE_TIME / 1000)}e4:info`,
      ),
      info,
      Buffer.from("8:url-listl"),
      ...["http://m2.example", "https://m4.example/pub", "http://m1.example", "http://m3.example"]
        .map((base) => Buffer.from(`${base}${asked}`))
        .map((url) => Buffer.concat([Buffer.from(`${url.length}:`), url])),
      Buffer.from("ee"),
    ]).toString("latin1"),
  );
  const hash = await (await site.get(`${asked}.btih`, { from: SE })).text();
  assertEquals(hash, `${btih}  a b+ü&.iso\n`);
  const magnet = await (await site.get(`${asked}?magnet`, { from: SE, headers: HOST })).text();
  const parameters = new URLSearchParams(magnet.trimEnd().slice("magnet:?".length));
  assertEquals(parameters.getAll("xt"), [`urn:btih:${btih}`]);
  assertEquals(parameters.get("dn"), "a b+ü&.iso");
  assertEquals(parameters.get("xl"), `${SIZE}`);
  assertEquals(parameters.getAll("tr"), trackers.flat());
  assertEquals(parameters.getAll("ws").length, 3);
  assertEquals(parameters.get("xs"), `http://dl.example.org${asked}?torrent`);
  assert(!magnet.includes("&amp;"));
});

Deno.test("a hybrid adds the tree, and a second hash", async () => {
  const { site, pieces } = siteOf("/a", {}, { config: { torrentVersion: "hybrid" } });
  const bytes = Buffer.from(await (await site.get("/a?torrent")).arrayBuffer()).toString("latin1");
  const root = Buffer.from(pieces.root!).toString("latin1");
  const layer = Buffer.from(pieces.layer!).toString("latin1");
  const tree = `9:file treed1:ad0:d6:lengthi${SIZE}e11:pieces root32:${root}eee`;
  assertStringIncludes(bytes, `4:infod${tree}6:lengthi${SIZE}e12:meta versioni2e4:name1:a`);
  assertStringIncludes(bytes, `12:piece layersd32:${root}160:${layer}e`);
  const magnet = await (await site.get("/a?magnet")).text();
  assertStringIncludes(magnet, "&xt=urn:btmh:1220");
});

Deno.test("what is not computed, or belongs to another version, is never served", async () => {
  const versions = [{ size: SIZE - 1 }, { modTime: FILE_TIME + 1 }, { sha256: "00".repeat(32) }];
  for (const changes of versions) {
    const { site } = siteOf("/a", changes);
    for (const word of ["torrent", "magnet", "btih"]) {
      const response = await site.get(`/a?${word}`);
      assertEquals([response.status, response.headers.get("Retry-After")], [503, "300"]);
      assertStringIncludes(await response.text(), "not computed yet");
    }
    assert(!(await (await site.get("/a?meta4")).text()).includes("<pieces"));
  }
  const { site } = siteOf("/a", { root: null }, { config: { torrentVersion: "hybrid" } });
  assertEquals((await site.get("/a?torrent")).status, 503);
  assertEquals((await site.get("/small?torrent")).status, 404);
  const off = siteOf("/a", {}, { config: { torrents: false } });
  assertEquals((await off.site.get("/a?torrent", { from: SE })).status, 302);
  assertEquals((await off.site.get("/a.torrent")).status, 404);
});

Deno.test("hashes that were computed anew are served once the thread is told", async () => {
  const hashes = new Map<string, PieceHashes>();
  const { site, pieces } = siteOf("/a", { sha256: "" }, { pieces: hashes });
  hashes.set("/a", pieces);
  const old = await (await site.get("/a?btih")).text();
  hashes.set("/a", { ...pieces, sha1: new Uint8Array(pieces.sha1.length) });
  assertEquals(await (await site.get("/a?btih")).text(), old);
  site.side.receive({ type: "paths", paths: ["/b"] });
  assertEquals(await (await site.get("/a?btih")).text(), old);
  site.side.receive({ type: "paths", paths: ["/a"] });
  // The index does not know the file any more: it is looked up anew.
  site.index(indexedFile("/a", { size: SIZE, sha256: "" }));
  assert(await (await site.get("/a?btih")).text() !== old);
});

Deno.test("metalinks list the pieces, redirects name the torrent, times are compared", async () => {
  const { site } = siteOf("/a");
  const four = await (await site.get("/a?meta4")).text();
  assertEquals(four.match(/^<hash>[0-9a-f]{40}<\/hash>$/gm)?.length, 5);
  assertStringIncludes(four, '<pieces length="262144" type="sha-1">');
  const three = await (await site.get("/a?metalink")).text();
  assertEquals(three.match(/^<hash piece="\d">/gm)?.length, 5);
  const wanting = { ...HOST, "Want-Digest": "SHA-256" };
  const link = (await site.get("/a", { from: SE, headers: wanting })).headers.get("Link")!;
  assertStringIncludes(link, '/a?torrent>; rel=describedby; type="application/x-bittorrent"');
  const small = (await site.get("/small", { from: SE, headers: wanting })).headers.get("Link")!;
  assert(!small.includes("torrent"));
  const since = { "If-Modified-Since": new Date(FILE_TIME).toUTCString() };
  assertEquals((await site.get("/a?torrent", { headers: since })).status, 304);
  assertEquals((await site.get("/a?meta4", { headers: since })).status, 200);
});

Deno.test("without mirrors, a torrent needs a tracker", async () => {
  const alone = siteOf("/a", {}, { mirrors: [] });
  assertEquals((await alone.site.get("/a?torrent")).status, 503);
  assertEquals((await alone.site.get("/a?magnet")).status, 200);
  const config = { torrentTrackers: [["udp://a.example:1"]] };
  const tracked = siteOf("/a", {}, { mirrors: [], config });
  const response = await tracked.site.get("/a?torrent");
  assertEquals(response.status, 200);
  assert(!(await response.text()).includes("url-list"));
});
