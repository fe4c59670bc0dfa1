import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { indexedFile, MIRRORS, Site } from "../fixtures.ts";
import { tablesOf, textOf } from "./tables_of.ts";

const FILE = "/pool/file.iso";
const GB = "81.2.69.160";

async function page(site: Site, from = GB, target = FILE, status = 200): Promise<string> {
  const response = await site.get(`${target}?mirrorlist`, {
    from,
    headers: { "Accept-Language": "en" },
  });
  assertEquals(response.status, status);
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
      "1,000 bytes",
      "14 Nov 2023, 23:13 UTC",
    ]
  ) {
    assertStringIncludes(html, fact);
  }
  const [ranked, excluded, hashes, ...more] = tablesOf(html);
  assertEquals(hashes, [["MD5", "cd".repeat(16)], ["SHA256", "ab".repeat(32)]]);
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
    ["1.", "m1", "http://m1.example/", "United Kingdom", "Europe", "0 km"],
    ["2.", "A & B", "https://m4.example/pub/", "Germany", "Europe", "733 km"],
    ["3.", "m2", "http://m2.example/", "Sweden and Norway", "Europe", "1,258 km"],
  ]);
  for (const row of ranked?.slice(1) ?? []) assertMatch(row[6]!, /^(?:\d+%|<1%)?$/);
  assertEquals(excluded, [
    ["Mirror Name", "URL", "Country", "Continent", "Distance", "Exclude Reason"],
    ["m3", "http://m3.example/", "United States", "North America", "7,732 km", "Disabled"],
  ]);
  assertEquals(more, []);
  assertStringIncludes(html, `<a href="http://m1.example/pool/file.iso">http://m1.example/</a>`);
  assertStringIncludes(html, `<a href="http://ab.example/" title="m4">A &amp; B</a>`);
});

Deno.test("renderMirrorList() leads to the directory where directories have pages", async () => {
  const above = `<bdi>${FILE.slice(0, FILE.lastIndexOf("/") + 1)}</bdi>`;
  const listed = await page(new Site({ config: { directories: "list" } }));
  assertStringIncludes(listed, `<h1><small><a href="./">${above}</a></small>`);
  const unlisted = await page(new Site({ config: { directories: "off" } }));
  assertStringIncludes(unlisted, `<h1><small>${above}</small>`);
});

Deno.test("renderMirrorList() groups the excluded by reason", async () => {
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id % 2 === 0
      ? { ...mirror, enabled: false }
      : { ...mirror, httpUp: false, httpDownReason: "Gone" }
  );
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "", continentCode: "" }];
  const html = await page(new Site({ mirrors, config: { fallbacks } }));
  const excluded = tablesOf(html)[1]!.slice(1).map((row) => [row[0], row[5]]);
  assertEquals(excluded, [
    ["m2", "Disabled"],
    ["m4", "Disabled"],
    ["m1", "HTTP: Gone"],
    ["m3", "HTTP: Gone"],
  ]);
});

Deno.test("renderMirrorList() shows no shares to a client whose place is unknown", async () => {
  const ranked = tablesOf(await page(new Site(), "192.0.2.1"))[0]!.slice(1);
  assertEquals(ranked.map((row) => row[6]), ["", "", "", ""]);
  // Programs are told so, as ever.
  const headers = { Accept: "text/html" };
  const plain = await new Site().get(`${FILE}?mirrorlist`, { from: "192.0.2.1", headers });
  const rows = tablesOf(await plain.text())[0]!.slice(1);
  assertEquals(rows.map((row) => row[6]), ["n/a", "n/a", "n/a", "n/a"]);
  assertEquals(ranked.map((row) => row[1]), ["m1", "m2", "m3", "m4"]);
});

Deno.test("renderMirrorList() warns when the fallbacks answer", async () => {
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "", continentCode: "" }];
  const html = await page(new Site({ mirrors: [], config: { fallbacks } }));
  assertStringIncludes(html, `role="alert"`);
  assertEquals(tablesOf(html)[0]?.[1]?.[1], "fallback0");
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
  assert(!html.includes("<script>alert"));
  assert(!/href="javascript/i.test(html));
  assertStringIncludes(html, "&lt;script&gt;");
});

Deno.test("renderMirrorList() allows nothing from outside, and its own style and script", async () => {
  const response = await new Site().get(`${FILE}?mirrorlist`);
  const headers = response.headers;
  assertEquals(headers.get("Cache-Control"), "private, no-cache");
  assertEquals(headers.get("X-Robots-Tag"), "noindex, nofollow");
  assertEquals(headers.get("Content-Type"), "text/html; charset=utf-8");
  assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
  const policy = headers.get("Content-Security-Policy") ?? "";
  assertMatch(policy, /^default-src 'none'; /);
  const html = await response.text();
  for (const tag of ["style", "script"]) {
    const [, text = ""] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(html) ?? [];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    assertStringIncludes(policy, `${tag}-src 'sha256-${hash}'`);
  }
  assertEquals([...html.matchAll(/ (?:src|style|on[a-z]+)="(?!data:)/g)].length, 0);
});

Deno.test("renderMirrorList() explains why there are no mirrors", async () => {
  const down = MIRRORS.map((mirror) => ({ ...mirror, enabled: false }));
  const disk = {
    "/pool": { type: "directory", path: "/pool" },
    "/new.iso": { type: "file", path: "/new.iso" },
  } as const;
  const away = new StoreUnavailableError("Away");
  const cases: readonly (readonly [Site, string, number, string])[] = [
    [new Site({ mirrors: down }), FILE, 503, "Nobody can serve this file now"],
    [new Site({ mirrors: [] }), FILE, 503, "No mirror has the file yet"],
    [new Site({ disk }), "/pool", 503, "This is a directory"],
    [new Site({ disk }), "/new.iso", 503, "This file has not been scanned yet"],
    [new Site({ disk, storeError: away }), "/new.iso", 503, "The index cannot be reached"],
  ];
  for (const [site, path, status, text] of cases) {
    const html = await site.get(`${path}?mirrorlist`, {
      from: GB,
      headers: { "Accept-Language": "en" },
    });
    assertEquals([html.status, html.headers.get("Retry-After")], [
      status,
      status === 503 ? "30" : null,
    ]);
    assert((await html.text()).includes(text), text);
    const json = await site.get(`${path}?mirrorlist`, { headers: { Accept: "application/json" } });
    assertEquals([json.status, (await json.json()).MirrorList], [status, []]);
    assertEquals(site.facts, []);
  }
});

Deno.test("renderMirrorList() says when the place of the client is not known", async () => {
  assert((await page(new Site(), "192.0.2.1")).includes("Your place is not known"));
  assert(!(await page(new Site())).includes("Your place is not known"));
});

Deno.test("renderMirrorList() says what each reason means", async () => {
  const mirrors = MIRRORS.map((mirror, index) => ({
    ...mirror,
    enabled: index !== 0,
    countryOnly: index === 1,
    httpUp: index !== 2,
    excludedCountryCodes: index === 3 ? ["GB"] : [],
  }));
  const html = await page(new Site({ mirrors }), GB, FILE, 503);
  const titles = [...html.matchAll(/<span class="tag[^"]*" title="([^"]+)">([^<]+)<\/span>/g)]
    .map(([, title = "", text = ""]) => [textOf(text), title.length > 20]);
  const tags = [
    ["Disabled", "Disabled"],
    ["Own country only", "Own country only"],
    ["Down", "HTTP down"],
    ["Not for your country", "Not for your country"],
  ];
  assertEquals(titles.toSorted(), tags.map(([label]) => [label, true]).toSorted());
  assertEquals(
    tablesOf(html)[0]!.slice(1).map((row) => row[5]),
    tags.map(([, text]) => text).toSorted(),
  );
});

Deno.test("renderMirrorList() shows the same shares in the ring, the table, the map and the JSON", async () => {
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id === 3 ? mirror : { ...mirror, latitude: 48, longitude: mirror.id / 10 }
  );
  const site = new Site({ mirrors });
  const html = await page(site);
  const table = tablesOf(html)[0]!.slice(1).map((row) => row.at(-1)!);
  const ring = [...html.matchAll(/<span>(\d+)\. [^<]*<\/span> <span>([^<]*)<\/span>/g)]
    .map(([, , share = ""]) => textOf(share));
  const [, view = ""] = /<svg class="map"(.*?)<\/svg>/s.exec(html) ?? [];
  const map = [
    ...view.matchAll(/<a href="#m\d" class="pin drawn"[^>]*><title>[^<]*: ([^<]*)<\/title>/g),
  ]
    .map(([, share = ""]) => textOf(share));
  const response = await site.get(`${FILE}?mirrorlist`, {
    from: GB,
    headers: { Accept: "application/json" },
  });
  const json: { Share: number | null }[] = (await response.json()).MirrorList;
  const drawn = json.filter(({ Share }) => Share !== null);
  assert(drawn.length > 1);
  const expected = drawn.map(({ Share }) => Share! < 1 ? "<1%" : `${Math.round(Share!)}%`);
  assertEquals(table.filter((text) => text !== ""), expected);
  assertEquals(ring, expected);
  assertEquals(map, expected);
});

Deno.test("renderMirrorList() shows a sponsor's logo without asking another host", async () => {
  const data = "data:image/png;base64,iVBORw0KGgo=";
  const logos = [data, "https://s.example/logo.png", "javascript:alert(1)", "data:text/html,x"];
  const mirrors = MIRRORS.map((mirror, index) => ({
    ...mirror,
    sponsorName: `Sponsor ${index}`,
    sponsorLogoUrl: logos[index]!,
  }));
  const html = await page(new Site({ mirrors }));
  assertStringIncludes(html, `<img class="logo" src="${data}" alt="">`);
  assertStringIncludes(
    html,
    `<a class="picture" href="https://s.example/logo.png" title="Logo of Sponsor 1"`,
  );
  assert(!html.includes(logos[2]!) && !html.includes(logos[3]!));
  assertEquals(tablesOf(html)[0]?.[1]?.[1], "Sponsor 0");
});
