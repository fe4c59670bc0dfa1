import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { FILE_TIME, indexedFile, MIRRORS, Site } from "../fixtures.ts";

const SE = "89.160.20.112";
const FILE = "/pool/file.iso";
const ARIA2 = "*/*,application/metalink4+xml,application/metalink+xml";
const HOST = { Host: "dl.example.org" };
const SHA256 = "ab".repeat(32);
const BASE64 = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

Deno.test("?meta4 is a document of RFC 5854", async () => {
  const publisher = { name: 'A & "B"', url: "https://www.example.org/?a&b" };
  const site = new Site({ config: { metalinkPublisher: publisher } });
  const response = await site.get(`${FILE}?meta4`, { from: SE, headers: HOST });
  assertEquals([...response.headers].map(([name, value]) => `${name}: ${value}`), [
    "cache-control: private, no-cache",
    'content-disposition: attachment; filename="file.iso.meta4"',
    `content-length: ${response.headers.get("content-length")}`,
    "content-type: application/metalink4+xml; charset=utf-8",
    "server: Mirrorbits/1.2.3",
    "x-content-type-options: nosniff",
  ]);
  assertEquals(
    await response.text(),
    `<?xml version="1.0" encoding="UTF-8"?>
<metalink xmlns="urn:ietf:params:xml:ns:metalink">
  <generator>Mirrorbits/1.2.3</generator>
  <origin dynamic="true">http://dl.example.org/pool/file.iso?meta4</origin>
  <published>2023-11-14T23:13:20Z</published>
  <file name="file.iso">
    <publisher name="A &amp; &quot;B&quot;" url="https://www.example.org/?a&amp;b"/>
    <size>1000</size>
    <hash type="sha-256">${SHA256}</hash>
    <hash type="md5">${"cd".repeat(16)}</hash>
    <url location="se" priority="1">http://m2.example/pool/file.iso</url>
    <url location="de" priority="2">https://m4.example/pub/pool/file.iso</url>
    <url location="gb" priority="3">http://m1.example/pool/file.iso</url>
    <url location="us" priority="4">http://m3.example/pool/file.iso</url>
  </file>
</metalink>
`,
  );
  assertEquals(site.facts, []);
});

Deno.test("?metalink is a document of version 3, with what DNF wants for a repomd.xml", async () => {
  const path = "/r/repodata/repomd.xml";
  const site = new Site({
    files: [indexedFile(path), indexedFile(FILE)],
    config: { publicUrl: "https://dl.example.org/base/", metalinkMirrors: 2 },
  });
  const response = await site.get(`${path}?metalink`, { from: SE });
  assertEquals(
    response.headers.get("Content-Type"),
    "application/metalink+xml; charset=utf-8",
  );
  assertEquals(
    await response.text(),
    `<?xml version="1.0" encoding="UTF-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://fedorahosted.org/mirrormanager" type="dynamic" origin="https://dl.example.org/base/r/repodata/repomd.xml?metalink" pubdate="Tue, 14 Nov 2023 22:13:20 GMT" generator="Mirrorbits/1.2.3">
  <files>
    <file name="repomd.xml">
      <mm0:timestamp>1700000000</mm0:timestamp>
      <size>1000</size>
      <verification>
        <hash type="sha256">${SHA256}</hash>
        <hash type="md5">${"cd".repeat(16)}</hash>
      </verification>
      <resources maxconnections="1">
        <url protocol="http" type="http" location="se" preference="100">http://m2.example/r/repodata/repomd.xml</url>
        <url protocol="https" type="https" location="de" preference="99">https://m4.example/pub/r/repodata/repomd.xml</url>
      </resources>
    </file>
  </files>
</metalink>
`.replace("22:13:20", new Date(FILE_TIME).toISOString().slice(11, 19))
      .replace("1700000000", `${Math.floor(FILE_TIME / 1000)}`),
  );
  const plain = await (await site.get(`${FILE}?metalink`, { from: SE })).text();
  assert(!plain.includes("mm0") && !plain.includes("maxconn") && !plain.includes("protocol="));
});

Deno.test("an ending is the query form where there is no such file", async () => {
  const site = new Site({
    files: [indexedFile(FILE), indexedFile("/real.meta4"), indexedFile("/dir/.x")],
    cold: [indexedFile("/cold.iso")],
  });
  const cases: readonly (readonly [string, number, string | null])[] = [
    [`${FILE}.meta4`, 200, "application/metalink4+xml; charset=utf-8"],
    [`${FILE}.metalink`, 200, "application/metalink+xml; charset=utf-8"],
    ["/cold.iso.meta4", 200, "application/metalink4+xml; charset=utf-8"],
    ["/real.meta4", 302, "text/html; charset=utf-8"],
    ["/real.meta4.meta4", 200, "application/metalink4+xml; charset=utf-8"],
    ["/real.meta4?meta4", 200, "application/metalink4+xml; charset=utf-8"],
    [`${FILE}.meta4.meta4`, 404, null],
    [`${FILE}.meta4?meta4`, 404, null],
    [`${FILE}.meta4?sha256`, 404, null],
    [`${FILE}.META4`, 404, null],
    [`${FILE}.sha256`, 404, null],
    ["/.meta4", 404, null],
    ["/dir/.meta4", 404, null],
    ["/pool.meta4", 404, null],
    [`${FILE}.`, 404, null],
  ];
  for (const [target, status, type] of cases) {
    const response = await site.get(target, { from: SE });
    assertEquals(response.status, status, target);
    if (type !== null) assertEquals(response.headers.get("Content-Type"), type);
    await response.body?.cancel();
  }
  const ending = await (await site.get(`${FILE}.meta4`, { from: SE })).text();
  assertEquals(ending, await (await site.get(`${FILE}?meta4`, { from: SE })).text());
});

Deno.test("an unknown rest is asked of memory and the index, never of the disk", async () => {
  const site = new Site();
  await site.get("/nope.meta4");
  await site.get("/nope.meta4");
  assertEquals(site.diskLookups, ["/nope.meta4"]);
  assertEquals(site.lookups, ["/nope.meta4", "/nope"]);
});

Deno.test("what is switched off is a word like any other", async () => {
  const site = new Site({ config: { metalink: false } });
  assertEquals((await site.get(`${FILE}?meta4`, { from: SE })).status, 302);
  assertEquals((await site.get(`${FILE}.meta4`, { from: SE })).status, 404);
  const { headers } = await site.get(FILE, { from: SE, headers: { Accept: ARIA2, ...HOST } });
  assert(!headers.get("Link")!.includes("describedby"));
  assertEquals(headers.get("Digest"), `SHA-256=${BASE64}`);
});

Deno.test("what is no file that somebody serves has no metalink", async () => {
  const disk = {
    "/pool": { type: "directory", path: "/pool" },
    "/new.iso": { type: "file", path: "/new.iso" },
    "/outside": { type: "outside", path: "/outside" },
  } as const;
  const cases = [["/pool", 404], ["/new.iso", 503], ["/outside", 403], ["/nope", 404]] as const;
  for (const [path, status] of cases) {
    const response = await new Site({ disk }).get(`${path}?meta4`);
    assertEquals(response.status, status, path);
    assertEquals(response.headers.get("Retry-After"), status === 503 ? "30" : null);
  }
  assertEquals((await new Site({ mirrors: [] }).get(`${FILE}?meta4`)).status, 503);
  const fallbacks = [{ url: "fallback.example/x/", countryCode: "SE", continentCode: "EU" }];
  const site = new Site({ mirrors: [], config: { fallbacks } });
  const text = await (await site.get(`${FILE}?meta4`, { from: SE })).text();
  assertMatch(text, /<url location="se" priority="1">\S*fallback\.example\/x\/pool\/file\.iso</);
});

Deno.test("a metalink waits for the hashes of a new version, a redirect does not", async () => {
  const bare = indexedFile(FILE, { sha256: "", md5: "" });
  const site = new Site({ files: [bare], config: { metalinkNegotiation: true } });
  for (const word of ["meta4", "metalink", "sha256"]) {
    const answer = await site.get(`${FILE}?${word}`);
    assertEquals([word, answer.status, answer.headers.has("Retry-After")], [word, 503, true]);
  }
  assertEquals((await site.get(FILE, { headers: { Accept: ARIA2 } })).status, 302);
  // Where none is computed there is nothing to wait for.
  const hashes = { sha256: false, sha1: false, md5: false };
  const none = new Site({ files: [bare], config: { hashes } });
  assertEquals((await none.get(`${FILE}?meta4`)).status, 200);
  const some = new Site({ files: [indexedFile(FILE, { sha256: "" })] });
  assertEquals((await some.get(`${FILE}?meta4`)).status, 200);
});

Deno.test("a copy that only AllowOutdatedFiles admits, and a URL with a password, are not listed", async () => {
  const indexed = indexedFile(FILE);
  const copies = indexed.copies.map((copy) =>
    copy.mirrorId === 2 ? { ...copy, size: 999, modTime: FILE_TIME - 60_000 } : copy
  );
  const site = new Site({
    files: [{ ...indexed, copies }],
    mirrors: MIRRORS.map((mirror) =>
      mirror.id === 1 ? { ...mirror, httpUrl: "http://user:secret@m1.example/" } : mirror
    ),
    config: { allowOutdatedFiles: [{ prefix: "/", minutes: 60 }] },
  });
  assertStringIncludes(
    (await site.get(FILE, { from: SE })).headers.get("Location")!,
    "m2.example",
  );
  const text = await (await site.get(`${FILE}?meta4`, { from: SE })).text();
  assert(!text.includes("m2.example") && !text.includes("secret"), text);
  assertStringIncludes(text, "m4.example");
});

Deno.test("?https chooses the scheme, a country that is no two letters is no location", async () => {
  const site = new Site({ mirrors: [mirrorRecord(1, { httpsUp: true, countryCodes: ["XYZ"] })] });
  for (const https of [0, 1]) {
    const text = await (await site.get(`${FILE}?meta4&https=${https}`)).text();
    assertEquals(text.includes("<url priority"), https === 0);
  }
});

Deno.test("names and hosts cannot break a document or a header", async () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 40 })
    .map((text) => text.replaceAll("/", "_"));
  const any = fc.oneof(
    name,
    fc.constantFrom("a b+ü&<'1>.iso", "u\u0308.iso", "%41", "\ud800x", 'q".iso', "ä".repeat(127)),
  );
  await fc.assert(
    fc.asyncProperty(any, async (name) => {
      const path = `/d/${name}`;
      const site = new Site({ files: [indexedFile(path)] });
      const asked = `/d/${encodeURIComponent(name.toWellFormed())}`;
      for (const word of ["meta4", "metalink"]) {
        const response = await site.get(`${asked}?${word}`, { from: SE, headers: HOST });
        // A lone surrogate cannot be asked for, nor a name that is a step in a path.
        if (response.status !== 200) return;
        const text = await response.text();
        // deno-lint-ignore no-control-regex -- these are what is looked for
        assert(!/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/.test(text), text);
        assertEquals(text.match(/<file /g)?.length, 1);
        assertEquals(text.match(/<url /g)?.length, 4);
        assert(!/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text), text);
        assertMatch(
          response.headers.get("Content-Disposition")!,
          /^attachment; filename="[\x20-\x7e]*"(; filename\*=UTF-8''[A-Za-z0-9%._~!-]*)?$/,
        );
      }
    }),
  );
  for (const host of ["a b", "a<b", "a'b", "[::1]:8080", "x:1", "dl.example.org:123456"]) {
    const response = await new Site().get(`${FILE}?meta4`, { headers: { Host: host } });
    if (response.status !== 200) continue;
    const text = await response.text();
    assertEquals(text.includes("<origin"), /^(\[::1\]:8080|x:1)$/.test(host), host);
  }
});

Deno.test("MetalinkHeaders: auto adds headers for clients that show that they use them", async () => {
  const site = new Site();
  const plain = await site.get(FILE, { from: SE, headers: HOST });
  const names = [...plain.headers.keys()];
  assert(!names.includes("digest") && !names.includes("etag"));
  const link = plain.headers.get("Link")!;
  const cases: readonly (readonly [Record<string, string>, string | null, string | null])[] = [
    [{ Accept: ARIA2, "Want-Digest": "SHA-512;q=1, SHA-256;q=1" }, `SHA-256=${BASE64}`, null],
    [{ Accept: "application/metalink+xml" }, `SHA-256=${BASE64}`, null],
    [{ "Want-Digest": "SHA-256" }, `SHA-256=${BASE64}`, null],
    [{ "Want-Digest": "SHA-256;q=0" }, null, null],
    [{ "Want-Repr-Digest": "sha-256=1" }, `SHA-256=${BASE64}`, `sha-256=:${BASE64}:`],
    [{ "Want-Repr-Digest": "sha-512=3" }, `SHA-256=${BASE64}`, `sha-256=:${BASE64}:`],
    [{ "Want-Repr-Digest": "sha-256=0" }, `SHA-256=${BASE64}`, null],
  ];
  for (const [asked, digest, reprDigest] of cases) {
    for (const method of ["GET", "HEAD", "GET"]) {
      const headers = { ...HOST, ...asked };
      const response = await site.get(FILE, { from: SE, headers, method });
      assertEquals(response.status, 302);
      assertEquals(response.headers.get("Digest"), digest, JSON.stringify(asked));
      assertEquals(response.headers.get("Repr-Digest"), reprDigest, JSON.stringify(asked));
      assertEquals(
        response.headers.get("Link"),
        `${link}, <http://dl.example.org${FILE}?meta4>; rel=describedby; ` +
          'type="application/metalink4+xml"',
      );
      const seconds = Math.floor(FILE_TIME / 1000).toString(16);
      assertEquals(response.headers.get("ETag"), `"${seconds}-3e8"`);
    }
  }
  const again = await site.get(FILE, { from: SE, headers: HOST });
  assertEquals([...again.headers], [...plain.headers]);
});

Deno.test("MetalinkHeaders: always adds them for everyone, never for nobody", async () => {
  const always = new Site({ config: { metalinkHeaders: "always" } });
  const { headers } = await always.get(FILE, { from: SE, headers: HOST });
  assertEquals(headers.get("Digest"), `SHA-256=${BASE64}`);
  const tagged = await always.get(FILE, {
    from: SE,
    headers: { "If-None-Match": headers.get("ETag")! },
  });
  assertEquals(tagged.status, 302);
  const never = new Site({ config: { metalinkHeaders: "never" } });
  const plain = await never.get(FILE, { from: SE });
  const asked = await never.get(FILE, { from: SE, headers: { Accept: ARIA2, ...HOST } });
  assertEquals([...asked.headers], [...plain.headers]);
});

Deno.test("always answers with what the Host and the scheme of each request say", async () => {
  const site = new Site({ config: { metalinkHeaders: "always" } });
  for (let round = 0; round < 3; round++) {
    for (const host of ["a.example", "b.example"]) {
      const headers = { Host: host, "X-Forwarded-Proto": "https" };
      const response = await site.get(FILE, { from: SE, headers });
      assertStringIncludes(response.headers.get("Link")!, `<https://${host}${FILE}?meta4>`);
    }
  }
});

Deno.test("MetalinkNegotiation answers the plain URL, and counts it", async () => {
  const site = new Site({ config: { metalinkNegotiation: true } });
  const cases: readonly (readonly [string, number, string])[] = [
    [ARIA2, 200, "application/metalink4+xml; charset=utf-8"],
    [
      "application/metalink+xml, application/metalink4+xml;q=0.5",
      200,
      "application/metalink+xml; charset=utf-8",
    ],
    ["application/metalink4+xml;q=0", 302, "text/html; charset=utf-8"],
    ["*/*", 302, "text/html; charset=utf-8"],
    ["application/json,application/metalink4+xml", 200, "application/json; charset=utf-8"],
  ];
  for (const [accept, status, type] of cases) {
    const response = await site.get(FILE, { from: SE, headers: { Accept: accept } });
    assertEquals([response.status, response.headers.get("Content-Type")], [status, type], accept);
    assertEquals(response.headers.get("Vary"), "Accept");
    if (type.includes("json")) continue;
    assertEquals(response.headers.get("ETag"), null);
  }
  const [first] = site.facts;
  assertEquals(
    [first?.type, first?.status, first?.download, first?.candidate?.mirror.name],
    ["METALINK", 200, "whole", "m2"],
  );
  const fresh = await site.get(FILE, {
    headers: { Accept: ARIA2, "If-Modified-Since": new Date(FILE_TIME).toUTCString() },
  });
  assertEquals([fresh.status, fresh.headers.get("Vary")], [304, "Accept"]);
  const json = new Site({ config: { metalinkNegotiation: true, outputMode: "redirect" } });
  assertEquals((await json.get(FILE, { headers: { Accept: ARIA2 } })).status, 302);
});
