import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { indexedFile, MIRRORS, Site } from "../fixtures.ts";
import { textOf } from "./tables_of.ts";

const FILE = "/pool/file.iso";
const BROWSER = { headers: { Accept: "text/html" } };
const GB = "81.2.69.160";

Deno.test("a page of 503 says truly what is wrong, and whether waiting helps", async () => {
  const disk = {
    "/pool": { type: "directory", path: "/pool" },
    "/new.iso": { type: "file", path: "/new.iso" },
  } as const;
  const away = new StoreUnavailableError("Away");
  const mirrors = (changes: Partial<typeof MIRRORS[0]>) =>
    MIRRORS.map((mirror) => ({ ...mirror, ...changes }));
  const one = { file: indexedFile(FILE).file, copies: indexedFile(FILE).copies.slice(0, 1) };
  const nobody = { file: indexedFile(FILE).file, copies: [] };
  const cases: readonly (readonly [Site, string, string, boolean])[] = [
    [
      new Site({ disk, storeError: away }),
      "/new.iso",
      "index of the files cannot be reached",
      true,
    ],
    [new Site({ disk }), "/new.iso", "no scan has found it yet", true],
    [new Site({ disk }), "/pool", "This is a directory", false],
    [new Site({ files: [nobody] }), FILE, "No mirror has this file yet", true],
    [
      new Site({ mirrors: mirrors({ httpUp: false, httpsUp: false }) }),
      FILE,
      "All 4 mirrors that have",
      true,
    ],
    [
      new Site({ mirrors: mirrors({ enabled: false }), files: [one] }),
      FILE,
      "The one mirror",
      true,
    ],
    [
      new Site({ mirrors: mirrors({ excludedCountryCodes: ["GB"] }) }),
      FILE,
      "None of the 4 mirrors that have this file may serve where you are",
      false,
    ],
  ];
  for (const [site, target, text, helps] of cases) {
    const page = await site.get(target, { ...BROWSER, from: GB });
    assertEquals([page.status, page.headers.get("Retry-After")], [503, "30"]);
    const html = textOf(await page.text());
    assertStringIncludes(html, text);
    assertEquals(html.includes("Waiting helps"), helps, text);
    assertEquals(html.includes("Waiting does not help"), !helps, text);
    const plain = await (await site.get(target, { from: GB })).text();
    assertEquals(plain.includes("try again later"), helps, plain);
    assert(plain.startsWith("Service Unavailable: "), plain);
  }
});

Deno.test("a page of an error repeats the path, as text", async () => {
  const html = await (await new Site().get("/a%3Cb%3E/c%20d", BROWSER)).text();
  assertStringIncludes(html, "You asked for <bdi><code>/a&lt;b&gt;/c d</code></bdi>");
});
