import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { indexedFile, MIRRORS, Site, type SiteOptions } from "../fixtures.ts";

const FILE = "/pool/file.iso";
const BROWSER = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

function compressing(options: SiteOptions = {}): Site {
  return new Site({ ...options, config: { ...options.config, gzip: true } });
}

Deno.test("errors are plain text for tools and pages for browsers", async (t) => {
  const disk = { "/pool": { type: "directory", path: "/pool" } } as const;
  const cases: readonly (readonly [string, number, string, string])[] = [
    ["/nope", 404, "GET", "Not Found: the repository has no such file"],
    ["/%zz", 400, "GET", "Bad Request: the address is not well-formed"],
    [
      "/pool",
      503,
      "GET",
      "Service Unavailable: this is a directory, and nobody serves directories",
    ],
    [FILE, 405, "POST", "Method Not Allowed: only GET and HEAD are"],
    [`${FILE}?sha1`, 404, "GET", "Hash type not supported"],
    [`${FILE}?stats=x`, 400, "GET", "Invalid period"],
    [`/${"a".repeat(20_000)}`, 414, "GET", "URI Too Long: no file has such a long name"],
  ];
  for (const [target, status, method, text] of cases) {
    await t.step(text, async () => {
      for (const headers of [{}, { Accept: "*/*" }, { Accept: "application/json" }]) {
        const plain = await new Site({ disk }).get(target, { method, headers });
        assertEquals(plain.status, status);
        assertEquals(plain.headers.get("Content-Type"), "text/plain; charset=utf-8");
        assertEquals(await plain.text(), `${text}\n`);
      }
      const page = await new Site({ disk }).get(target, { method, headers: BROWSER });
      assertEquals(page.status, status);
      assertEquals(page.headers.get("Content-Type"), "text/html; charset=utf-8");
      assertEquals(page.headers.get("Allow"), status === 405 ? "GET, HEAD" : null);
      assertEquals(page.headers.get("Retry-After"), status === 503 ? "30" : null);
      assertEquals(page.headers.get("Server"), "Mirrorbits/1.2.3");
      assertMatch(page.headers.get("Content-Security-Policy") ?? "", /^default-src 'none'; /);
      assertStringIncludes(await page.text(), `<h1>${text.split(": ")[0]}</h1>`);
    });
  }
});

Deno.test("pages and JSON are compressed as the client likes it, when Gzip is on", async (t) => {
  const cases: readonly (readonly [string | null, string | null])[] = [
    [null, null],
    ["", null],
    ["identity", null],
    ["gzip", "gzip"],
    ["GZip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["br;q=0.1, gzip;q=0.9", "gzip"],
    ["br;q=0, *", "gzip"],
    ["*", "br"],
    ["gzip;q=0", null],
    [`${"a,".repeat(5000)}gzip`, "gzip"],
  ];
  for (const [accepted, encoding] of cases) {
    await t.step(`${accepted}`.slice(0, 40), async () => {
      const site = compressing();
      const headers: Record<string, string> = accepted === null
        ? {}
        : { "Accept-Encoding": accepted };
      for (const target of [`${FILE}?mirrorlist`, "/?mirrorstats"]) {
        for (const accept of ["text/html", "application/json"]) {
          const response = await site.get(target, { headers: { ...headers, Accept: accept } });
          assertEquals(response.headers.get("Content-Encoding"), encoding);
          const language = accept === "text/html" ? "Accept-Language, " : "";
          assertEquals(response.headers.get("Vary"), `Accept, ${language}Accept-Encoding`);
          const bytes = new Uint8Array(await response.arrayBuffer());
          const text = new TextDecoder().decode(
            encoding === "br" ? brotliDecompressSync(bytes) : encoding ? gunzipSync(bytes) : bytes,
          );
          assert(accept === "text/html" ? text.startsWith("<!DOCTYPE") : text.startsWith("{"));
        }
      }
    });
  }
});

Deno.test("nothing is compressed when Gzip is off, and a redirect never is", async () => {
  const headers = { "Accept-Encoding": "gzip, br" };
  const off = await new Site().get(`${FILE}?mirrorlist`, { headers });
  assertEquals(off.headers.get("Content-Encoding"), null);
  assertStringIncludes(off.headers.get("Cache-Control") ?? "", "no-transform");
  await off.body?.cancel();
  const redirect = await compressing().get(FILE, { headers });
  assertEquals([redirect.status, redirect.body], [302, null]);
  assertEquals(redirect.headers.get("Content-Encoding"), null);
  const small = await compressing().get(`${FILE}?md5`, { headers });
  assertEquals(small.headers.get("Content-Encoding"), null);
  await small.body?.cancel();
});

Deno.test("the standard JSON is compressed too", async () => {
  const response = await compressing().get(FILE, {
    headers: { Accept: "application/json", "Accept-Encoding": "gzip" },
  });
  assertEquals(response.headers.get("Content-Encoding"), "gzip");
  const json = JSON.parse(new TextDecoder().decode(gunzipSync(await response.arrayBuffer())));
  assertEquals(json.FileInfo.Path, FILE);
});

Deno.test("a page that has not changed is not sent again", async () => {
  for (const make of [() => new Site(), compressing]) {
    for (const target of [`${FILE}?mirrorlist`, "/?mirrorstats"]) {
      for (const accept of ["text/html", "application/json"]) {
        const site = make();
        const first = await site.get(target, { headers: { Accept: accept } });
        const tag = first.headers.get("ETag") ?? "";
        assertMatch(tag, /^W\/"[\w-]{22}"$/);
        await first.body?.cancel();
        const again = await site.get(target, {
          headers: { Accept: accept, "If-None-Match": `"x", ${tag}`, "Accept-Encoding": "br" },
        });
        assertEquals([again.status, again.body], [304, null]);
        assertEquals(again.headers.get("ETag"), tag);
        assertEquals(again.headers.get("Content-Type"), null);
        site.side.receive({ type: "mirrors", mirrors: MIRRORS.slice(1) });
        const changed = await site.get(target, {
          headers: { Accept: accept, "If-None-Match": tag },
        });
        assertEquals(changed.status, 200);
        await changed.body?.cancel();
      }
    }
  }
});

Deno.test("robots.txt and favicon.ico are embedded, unless the repository has them", async () => {
  const site = new Site();
  const robots = await site.get("/robots.txt");
  assertEquals([robots.status, robots.headers.get("Content-Type")], [
    200,
    "text/plain; charset=utf-8",
  ]);
  const text = await robots.text();
  assertStringIncludes(text, "User-agent: *\nDisallow: /\n");
  assertStringIncludes(text, "User-agent: Wget\nDisallow:\n");
  const icon = await site.get("/favicon.ico", { headers: BROWSER });
  assertEquals([icon.status, icon.headers.get("Content-Type")], [200, "image/x-icon"]);
  assertEquals([...(await icon.bytes()).slice(0, 4)], [0, 0, 1, 0]);
  const again = await site.get("/favicon.ico", {
    headers: { "If-None-Match": icon.headers.get("ETag") ?? "" },
  });
  assertEquals([again.status, again.body], [304, null]);
  assertEquals(site.facts, []);
  assertEquals((await site.get("/robots.txt?mirrorlist")).status, 404);

  const own = new Site({ files: [indexedFile("/robots.txt")] });
  const redirect = await own.get("/robots.txt");
  assertEquals(redirect.status, 302);
});
