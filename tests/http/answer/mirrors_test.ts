import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatCarriedTree } from "../../../lib/catalog/carried_tree.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { indexedFile, NOW, Site, type SiteOptions } from "../fixtures.ts";

const HOUR = 3_600_000;
const SCAN = NOW - HOUR;

const scanned = (id: number, behindSince: number | null = null) =>
  mirrorRecord(id, {
    httpUrl: `m${id}.example/pub/`,
    lastSuccessfulSync: SCAN,
    scanNumbers: {
      ...{ current: 1, older: 0, size: 0, newer: 0, missing: 0, foreign: 0 },
      ...{ behindSince, scan: SCAN },
    },
  });

/** Mirrors 1 and 2 have all, 3 lacks one file, 4 has nothing of /pool, 5 is too old, 6 was scanned by another. */
function siteOf(options: SiteOptions = {}): Site {
  const site = new Site({
    mirrors: [
      scanned(1),
      scanned(2),
      scanned(3, NOW - HOUR),
      scanned(4),
      scanned(5, NOW - 49 * HOUR),
      scanned(6),
      mirrorRecord(7),
    ],
    disk: {
      "/": { type: "directory", path: "/" },
      "/pool": { type: "directory", path: "/pool" },
      "/link": { type: "directory", path: "/pool" },
    },
    ...options,
  });
  const tree = (lacking: Record<string, number>, scan = SCAN): string =>
    formatCarriedTree({ scan, lacking: new Map(Object.entries(lacking)) });
  site.side.receive({
    ...{ type: "notes", kind: "carried", fresh: true, removed: [] },
    put: new Map([
      ["1", tree({ "/": 0 })],
      ["2", tree({ "/": 0 })],
      ["3", tree({ "/": 1 })],
      ["4", tree({ "/": 4, "/pool/": -1 })],
      ["5", tree({ "/": 0 })],
      ["6", tree({ "/": 0 }, SCAN - 5000)],
    ]),
  });
  return site;
}

async function lines(site: Site, target: string): Promise<string[]> {
  const response = await site.get(target);
  assertEquals(response.status, 200, target);
  return (await response.text()).split("\n").slice(0, -1);
}

Deno.test("?mirrors lists who carries a directory, those that lack nothing first", async () => {
  const site = siteOf();
  const listed = await lines(site, "/pool/?mirrors");
  const urls = [1, 2, 3, 6].map((id) => `http://m${id}.example/pub/pool/`);
  assertEquals([...listed].sort(), urls);
  assertEquals(listed.slice(0, 2).sort(), urls.slice(0, 2));
  // A link is where it leads to.
  assertEquals((await lines(site, "/link/?mirrors&format=dnf")).sort(), urls);
  const root = await lines(site, "/?mirrors");
  assertEquals(root.length, 5);
  assert(root.includes("http://m4.example/pub/"));
});

Deno.test("?mirrors has those that lack something behind, whatever chance says", async () => {
  for (const random of [0, 0.3, 0.6, 0.99]) {
    const site = siteOf({ random: () => random });
    const listed = await lines(site, "/pool/?mirrors");
    const behind = [3, 6].map((id) => `http://m${id}.example/pub/pool/`);
    assertEquals(listed.slice(2).sort(), behind, `${random}`);
  }
});

Deno.test("?mirrors&fromip shows how the list looks from there", async () => {
  const site = siteOf({
    mirrors: [scanned(1), { ...scanned(2), countryOnly: true, countryCodes: ["SE"] }],
  });
  assertEquals((await lines(site, "/?mirrors")).length, 1);
  assertEquals((await lines(site, "/?mirrors&fromip=89.160.20.112")).length, 2);
});

Deno.test("?mirrors is what package managers read", async () => {
  const site = siteOf();
  const apt = await lines(site, "/pool/?mirrors&format=apt/");
  assertEquals(apt.map((line) => line.split("\t")[1]), [1, 2, 3, 4].map((n) => `priority:${n}`));
  const pacman = await lines(site, "/pool/?mirrors&format=pacman");
  assert(pacman.every((line) => /^Server = http:.*\/pool\/\$repo\/os\/\$arch$/.test(line)));
  assertEquals((await site.get("/pool/?mirrors&format=xml")).status, 400);
  const response = await site.get("/?mirrors");
  assertEquals([...response.headers].filter(([name]) => name !== "etag"), [
    ["access-control-allow-origin", "*"],
    ["cache-control", "private, max-age=60"],
    ["content-length", `${(await response.text()).length}`],
    ["content-type", "text/plain; charset=utf-8"],
    ["server", "Mirrorbits/1.2.3"],
    ["vary", "Accept"],
    ["x-content-type-options", "nosniff"],
  ]);
});

Deno.test("?mirrors as JSON and as a page names the fallbacks, too", async () => {
  const fallbacks = [{ url: "https://fallback.example/f/", countryCode: "", continentCode: "" }];
  const site = siteOf({ config: { fallbacks } });
  const json = await site.get("/pool/?mirrors", { headers: { Accept: "application/json" } });
  const { Path, Mirrors } = await json.json();
  assertEquals(Path, "/pool");
  assertEquals(
    Mirrors.map((
      { URL, Lacking, Behind, Fallback }: Record<string, unknown>,
    ) => [URL, Lacking, Behind, Fallback]).sort(),
    [
      ["http://m1.example/pub/pool/", 0, 0, false],
      ["http://m2.example/pub/pool/", 0, 0, false],
      ["http://m3.example/pub/pool/", 1, 3600, false],
      ["http://m6.example/pub/pool/", null, 0, false],
      ["https://fallback.example/f/pool/", null, null, true],
    ],
  );
  assertEquals(Mirrors.at(-1).Fallback, true);
  const page = await site.get("/pool/?mirrors", { headers: { Accept: "text/html" } });
  const text = await page.text();
  assertStringIncludes(text, "http://m3.example/pub/pool/");
  assertStringIncludes(text, "1 is missing or old");
  assertStringIncludes(text, "Fallback");
});

Deno.test("?mirrors with a name is that mirror, where it serves", async () => {
  const site = siteOf();
  assertEquals(await lines(site, "/pool/?mirrors&name=m3"), ["http://m3.example/pub/pool/"]);
  assertEquals((await site.get("/pool/?mirrors&name=m4")).status, 404);
  assertEquals((await site.get("/pool/?mirrors&name=nobody")).status, 404);
  const headers = { Accept: "text/html" };
  const disk = { "/pool": { type: "directory", path: "/pool" } } as const;
  const config = { directories: "list" } as const;
  const none = await new Site({ mirrors: [], disk, config }).get("/pool/?mirrors", { headers });
  const text = await none.text();
  assertEquals([none.status, text.includes("Front page")], [503, true]);
  assert(!text.includes("?mirrorlist"), "a directory has no list of its own");
});

Deno.test("?mirrors says why nobody is listed", async () => {
  const refused = async (mirrors: NonNullable<SiteOptions["mirrors"]>): Promise<string> => {
    const response = await siteOf({ mirrors }).get("/pool/?mirrors");
    assertEquals([response.status, response.headers.has("retry-after")], [503, true]);
    return (await response.text()).replace("Service Unavailable: ", "").trimEnd();
  };
  assertEquals(await refused([]), "there are no mirrors yet");
  const none = "no mirror has this directory yet as it is now, try again later";
  assertEquals(await refused([scanned(4), scanned(5, NOW - 49 * HOUR), mirrorRecord(7)]), none);
  assertEquals(
    await refused([scanned(4), { ...scanned(1), httpUp: false, httpsUp: false }]),
    "no mirror that has this directory is up and may serve you, try again later",
  );
});

Deno.test("words about directories are nothing on a file", async () => {
  const file = indexedFile("/pool/file.iso");
  const site = siteOf({ files: [file], mirrors: [1, 2, 3, 4].map((id) => mirrorRecord(id)) });
  for (const word of ["mirrors", "badge", "setup", "mirrors&format=xml"]) {
    assertEquals((await site.get(`/pool/file.iso?${word}`)).status, 302, word);
  }
  assertEquals((await site.get("/missing/?mirrors")).status, 404);
  assertEquals((await site.get("/favicon.ico?mirrors")).status, 200);
});

Deno.test("a word about directories opens nothing that is only for this machine", async () => {
  const site = siteOf({ config: { explain: "loopback" }, files: [indexedFile("/pool/file.iso")] });
  const remote: Deno.Addr = { transport: "tcp", hostname: "192.0.2.1", port: 1 };
  const target = "/pool/file.iso?mirrors&explain";
  assertEquals(
    (await site.get(target)).headers.get("Content-Type"),
    "application/json; charset=utf-8",
  );
  assert((await site.get(target, { remote })).status !== 200);
});

Deno.test("?badge says how a mirror is", async () => {
  const long = `${"<&\"'".repeat(40)}`;
  const site = siteOf({
    mirrors: [
      scanned(1),
      scanned(2, NOW - 3 * HOUR),
      mirrorRecord(3, { httpUp: false, httpDownReason: "Refused" }),
      mirrorRecord(4, { enabled: false }),
      mirrorRecord(5, { name: long }),
    ],
  });
  const texts = new Map([
    ["m1", "m1: up-to-date"],
    ["m2", "m2: as of 3 hours ago"],
    ["m3", "m3: down"],
    ["m4", "m4: disabled"],
  ]);
  for (const [name, text] of texts) {
    const response = await site.get(`/?badge&name=${name}`);
    assertEquals(response.headers.get("Cache-Control"), "max-age=60");
    assertEquals(response.headers.get("Content-Type"), "image/svg+xml");
    assertStringIncludes(await response.text(), `aria-label="${text}"`);
  }
  const worst = await (await site.get(`/?badge&name=${encodeURIComponent(long)}`)).text();
  assert(worst.length < 1024, `${worst.length}`);
  assert(!worst.includes("<&"), worst);
  assertStringIncludes(await (await site.get("/?badge")).text(), "3 of 4 up");
  assertEquals((await site.get("/?badge&name=nobody")).status, 404);
});

Deno.test("?badge of who sees a mirror for its own networks is for nobody else to keep", async () => {
  const own = ["192.0.2.0/24"];
  const hidden = mirrorRecord(1, { networksOnly: true, networks: own });
  const site = siteOf({ mirrors: [hidden, mirrorRecord(2)] });
  const keeps = async (query: string, from: string) =>
    (await site.get(`/?badge${query}`, { from })).headers.get("Cache-Control");
  for (const query of ["", "&name=m1", "&name=m2"]) {
    assertEquals(await keeps(query, "192.0.2.7"), "private, max-age=60", query);
  }
  assertEquals(await keeps("", "203.0.113.7"), "max-age=60");
  assertEquals((await site.get("/?badge&name=m1", { from: "203.0.113.7" })).status, 404);
});

Deno.test("scripts of other sites read no list that shows what only a network sees", async () => {
  const hidden = { ...scanned(1), networksOnly: true, networks: ["192.0.2.0/24"] };
  const site = siteOf({ mirrors: [hidden, scanned(2)] });
  for (const target of ["/?mirrors", "/?mirrors&format=json", "/?mirrors&name=m2", "/?badge"]) {
    const allowed = async (from: string) => {
      const response = await site.get(target, { from });
      assertEquals(response.status, 200, target);
      return response.headers.get("Access-Control-Allow-Origin");
    };
    assertEquals(await allowed("192.0.2.7"), null, target);
    assertEquals(await allowed("203.0.113.7"), "*", target);
  }
});

Deno.test("?setup names this server", async () => {
  const site = siteOf();
  const response = await site.get("/pool/?setup", { headers: { Host: "dl.example:8080" } });
  assertEquals(response.headers.get("Cache-Control"), "max-age=60");
  const text = await response.text();
  assertStringIncludes(text, "mirrorlist=http://dl.example:8080/pool/?mirrors&amp;format=dnf");
  assertStringIncludes(text, "deb [signed-by=KEYRING] http://dl.example:8080/pool/ SUITE");
});

Deno.test("?setup prints no name of a directory that a shell would run", async () => {
  const path = "/it's;$(id)&!*";
  const site = siteOf({ disk: { [path]: { type: "directory", path } } });
  const response = await site.get(`${encodeURI(path)}/?setup`);
  assertEquals(response.status, 200);
  const text = await response.text();
  const base = "http://downloads.example.org/it%27s%3B%24%28id%29%26%21%2A/";
  assertStringIncludes(text, `wget -c ${base}FILE`);
  assertStringIncludes(text, `curl -fsS &#39;${base}?mirrors`);
});
