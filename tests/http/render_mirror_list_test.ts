import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { indexedFile, MIRRORS, Site } from "./fixtures.ts";

const FILE = "/pool/file.iso";
const GB = "81.2.69.160";

/** The tables of a page, as rows of cells of text. */
function tablesOf(html: string): string[][][] {
  const cells = /<t[hd][^>]*>(.*?)<\/t[hd]>/gs;
  return [...html.matchAll(/<table>(.*?)<\/table>/gs)].map(([, table = ""]) =>
    [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
      [...row.matchAll(cells)].map(([, cell = ""]) => cell.replace(/<[^>]+>/g, ""))
    )
  );
}

async function page(site: Site, from = GB, target = FILE): Promise<string> {
  const response = await site.get(`${target}?mirrorlist`, { from });
  assertEquals(response.status, 200);
  return await response.text();
}

Deno.test("renderMirrorList() gives the facts about client, file and mirrors", async () => {
  const mirrors = MIRRORS.map((mirror) => {
    if (mirror.id === 3) return { ...mirror, enabled: false };
    return mirror.id === 4
      ? { ...mirror, sponsorName: "A & B", sponsorUrl: "http://ab.example/" }
      : mirror;
  });
  const html = await page(new Site({ mirrors }));
  for (
    const fact of [
      GB,
      "London",
      "United Kingdom (GB)",
      FILE,
      "1000 bytes",
      "Tue, 14 Nov 2023 23:13:20 UTC",
    ]
  ) {
    assertStringIncludes(html, fact);
  }
  const [hashes, ranked, excluded, ...more] = tablesOf(html);
  assertEquals(hashes, [["MD5", "cd".repeat(16)], ["SHA1", "N/A"], ["SHA256", "ab".repeat(32)]]);
  assertEquals(ranked?.[0], [
    "Rank",
    "Mirror Name",
    "URL",
    "Country",
    "Continent",
    "Distance",
    "Selection",
  ]);
  assertEquals(ranked?.slice(1).map((row) => row.slice(0, 6)), [
    ["1.", "m1", "http://m1.example/", "GB", "EU", "0 Km"],
    ["2.", "A &amp; B", "https://m4.example/pub/", "DE", "EU", "733 Km"],
    ["3.", "m2", "http://m2.example/", "SE NO", "EU", "1258 Km"],
  ]);
  for (const row of ranked?.slice(1) ?? []) assertMatch(row[6]!, /^(?:\d+%|n\/a|&lt;1%)$/);
  assertEquals(excluded, [
    ["Mirror Name", "URL", "Country", "Continent", "Distance", "Exclude Reason"],
    ["m3", "http://m3.example/", "US", "NA", "7732 Km", "Disabled"],
  ]);
  assertEquals(more, []);
  assertStringIncludes(html, `<a href="http://m1.example/pool/file.iso">http://m1.example/</a>`);
  assertStringIncludes(html, `<a href="http://ab.example/">A &amp; B</a>`);
});

Deno.test("renderMirrorList() groups the excluded by reason", async () => {
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id % 2 === 0
      ? { ...mirror, enabled: false }
      : { ...mirror, httpUp: false, httpDownReason: "Gone" }
  );
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "", continentCode: "" }];
  const html = await page(new Site({ mirrors, config: { fallbacks } }));
  const excluded = tablesOf(html)[2]!.slice(1).map((row) => [row[0], row[5]]);
  assertEquals(excluded, [
    ["m2", "Disabled"],
    ["m4", "Disabled"],
    ["m1", "Gone / Not HTTPS"],
    ["m3", "Gone / Not HTTPS"],
  ]);
});

Deno.test("renderMirrorList() shows no shares to a client whose place is unknown", async () => {
  const ranked = tablesOf(await page(new Site(), "192.0.2.1"))[1]!.slice(1);
  assertEquals(ranked.map((row) => row[6]), ["n/a", "n/a", "n/a", "n/a"]);
  assertEquals(ranked.map((row) => row[1]), ["m1", "m2", "m3", "m4"]);
});

Deno.test("renderMirrorList() warns when the fallbacks answer", async () => {
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "", continentCode: "" }];
  const html = await page(new Site({ mirrors: [], config: { fallbacks } }));
  assertStringIncludes(html, `role="alert"`);
  assertEquals(tablesOf(html)[1]?.[1]?.[1], "fallback0");
  assert(!(await page(new Site())).includes(`role="alert"`));
});

Deno.test("renderMirrorList() escapes everything", async () => {
  const evil = `"'><script>alert(1)</script>&`;
  const path = `/${evil.replaceAll("/", "")}`;
  const mirrors = MIRRORS.map((mirror) => ({
    ...mirror,
    name: evil,
    sponsorName: mirror.id === 1 ? evil : "",
    sponsorUrl: mirror.id === 2 ? "javascript:alert(1)" : `http://x/${evil}`,
    continentCode: evil,
    countryCodes: [evil],
    httpUp: mirror.id !== 3,
    httpDownReason: evil,
  }));
  const site = new Site({ mirrors, files: [indexedFile(path)] });
  const html = await page(site, GB, encodeURI(path));
  assert(!html.includes("<script"));
  assert(!/href="javascript/i.test(html));
  assertStringIncludes(html, "&lt;script&gt;");
});

Deno.test("renderMirrorList() allows nothing from outside, and its own style", async () => {
  const response = await new Site().get(`${FILE}?mirrorlist`);
  const headers = response.headers;
  assertEquals(headers.get("Cache-Control"), "private, no-cache");
  assertEquals(headers.get("Content-Type"), "text/html; charset=utf-8");
  assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
  const policy = headers.get("Content-Security-Policy") ?? "";
  assertMatch(policy, /^default-src 'none'; /);
  const style = /<style>(.*?)<\/style>/s.exec(await response.text())?.[1] ?? "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  assertStringIncludes(policy, `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`);
});
