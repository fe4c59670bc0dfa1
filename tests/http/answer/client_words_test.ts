import { assertEquals, assertStringIncludes } from "@std/assert";
import { rule } from "../../selection/fixtures.ts";
import { MIRRORS, Site } from "../fixtures.ts";

const SE = "89.160.20.112";
const GB = "81.2.69.160";
const US = "216.160.83.56";
const FILE = "/pool/file.iso";

/** Name of the mirror that a client is sent to, and what was ignored and varies. */
async function sent(
  site: Site,
  query: string,
  options: { from?: string; headers?: Record<string, string> } = {},
): Promise<[mirror: string, ignored: string | null, vary: string | null]> {
  const answer = await site.get(FILE + query, { from: SE, ...options });
  const host = new URL(answer.headers.get("Location") ?? "http://none/").hostname;
  assertEquals(answer.headers.get("Cache-Control"), "private, no-cache");
  return [
    host.replace(".example", ""),
    answer.headers.get("Mirrorbits-Ignored"),
    answer.headers.get("Vary"),
  ];
}

Deno.test("handler leaves out what a client avoids", async () => {
  const site = new Site();
  assertEquals(await sent(site, ""), ["m2", null, null]);
  for (const word of ["m2", "M2", "SE", "se", "AS29518", "as29518", "x,m2", "nobody+m2", "%6d2"]) {
    const [mirror, ignored, vary] = await sent(site, `?avoid=${word}`);
    assertEquals([mirror === "m2", ignored, vary], [false, null, null], word);
  }
  assertEquals(await sent(site, "?avoid=m2,GB,AS209"), ["m4", null, null]);
  assertEquals(await sent(site, "?avoid=@eu"), ["m3", null, null]);
  const headers = { "Mirrorbits-Avoid": "m2, GB" };
  assertEquals(await sent(site, "", { headers }), ["m4", null, "Mirrorbits-Avoid"]);
  assertEquals(await sent(site, "?avoid=m4", { headers }), ["m3", null, "Mirrorbits-Avoid"]);
  // Nothing of that is remembered.
  assertEquals(await sent(site, ""), ["m2", null, null]);
});

Deno.test("handler passes over words that mean nobody", async () => {
  const site = new Site();
  const words = [
    "",
    ",,",
    "NO",
    "tag:x",
    "*",
    "m*",
    "10.0.0.0/8",
    "AS0",
    "%00",
    "%",
    "🦕",
    "a".repeat(9000),
  ];
  for (const word of words) {
    assertEquals(await sent(site, `?avoid=${word}`), ["m2", null, null], word.slice(0, 20));
  }
  assertEquals(await sent(site, `?avoid=${"x,".repeat(5000)}m2`), ["m2", null, null]);
});

Deno.test("handler ignores a wish that leaves nobody, and says so", async () => {
  const site = new Site();
  assertEquals(await sent(site, "?avoid=@EU,US"), ["m2", "avoid", null]);
  const fallbacks = [{ url: "https://f.example/", countryCode: "FR", continentCode: "EU" }];
  // Fallbacks are for when no mirror may serve.
  const other = new Site({ config: { fallbacks } });
  assertEquals(await sent(other, "?avoid=@EU,US"), ["m2", "avoid", null]);
  const alone = new Site({ mirrors: [], config: { fallbacks } });
  assertEquals(await sent(alone, "?avoid=FR"), ["f", "avoid", null]);
  const none = await new Site({ mirrors: [] }).get(`${FILE}?avoid=m1`, { from: SE });
  assertEquals([none.status, none.headers.get("Mirrorbits-Ignored")], [503, null]);
});

Deno.test("handler lets clients choose only where the operator does", async () => {
  for (const clientChoice of ["none", "avoid"] as const) {
    const site = new Site({ config: { clientChoice } });
    for (const query of ["?mirror=m3", "?country=US", `?fromip=${US}`]) {
      assertEquals(await sent(site, query), ["m2", null, null]);
    }
  }
  const none = new Site({ config: { clientChoice: "none" } });
  const headers = { "Mirrorbits-Avoid": "m2" };
  assertEquals(await sent(none, "?avoid=m2", { headers }), ["m2", null, null]);
  const all = new Site({ config: { clientChoice: "all" } });
  assertEquals(await sent(all, "?mirror=m3"), ["m3", null, null]);
  assertEquals(await sent(all, "?country=us"), ["m3", null, null]);
  assertEquals(await sent(all, `?fromip=${US}`), ["m3", null, null]);
  assertEquals(await sent(all, "?mirror=m3&country=GB"), ["m3", "country", null]);
  assertEquals(await sent(all, "?mirror=m9&country=GB"), ["m1", "mirror", null]);
  assertEquals(
    await sent(all, "?mirror=m2&avoid=m2"),
    ["m1", "mirror", null].with(0, (await sent(all, "?avoid=m2"))[0]),
  );
  assertEquals(await sent(all, "?fromip=nowhere"), ["m2", "fromip", null]);
  assertEquals(await sent(all, "?mirror=&country=&avoid="), ["m2", null, null]);
});

Deno.test("handler opens nothing to a client that chooses", async () => {
  const rules = [rule("SE", "m1", "never")];
  const mirrors = [
    ...MIRRORS.slice(0, 2),
    { ...MIRRORS[2]!, networks: ["216.160.0.0/16"], networksOnly: true },
    { ...MIRRORS[3]!, enabled: false },
  ];
  const site = new Site({ mirrors, config: { clientChoice: "all", rules } });
  assertEquals(await sent(site, "?mirror=m1"), ["m2", "mirror", null]);
  assertEquals(await sent(site, "?mirror=m3"), ["m2", "mirror", null]);
  assertEquals(await sent(site, "?mirror=m4"), ["m2", "mirror", null]);
  assertEquals(await sent(site, `?fromip=${US}`), ["m2", null, null]);
  assertEquals(await sent(site, `?fromip=${GB}`), ["m2", null, null]);
  // Who asks from inside is sent there, and from elsewhere is shown nothing of it.
  assertEquals(await sent(site, "?mirror=m3", { from: US }), ["m3", null, null]);
  const answer = await site.get(`${FILE}?mirrorlist&fromip=${US}`, {
    from: SE,
    headers: { accept: "application/json" },
  });
  assertEquals((await answer.text()).includes("m3.example"), false);
});

Deno.test("handler records who asks in truth", async () => {
  const site = new Site({ config: { clientChoice: "all" } });
  await sent(site, `?fromip=${US}`);
  assertEquals(site.facts.map(({ address, asNumber }) => [address, asNumber]), [[SE, 29518]]);
});

Deno.test("handler heeds a client in every form of answer", async () => {
  const site = new Site({ config: { clientChoice: "all" } });
  const json = await (await site.get(`${FILE}?avoid=m2`, {
    from: SE,
    headers: { accept: "application/json" },
  })).json();
  const excluded = json.ExcludedList.map((one: Record<string, unknown>) => [
    one["Name"],
    one["ExcludeReason"],
  ]);
  assertEquals(excluded, [["m2", "Avoided"]]);
  const metalink = await (await site.get(`${FILE}?meta4&avoid=m2`, { from: SE })).text();
  assertEquals(metalink.includes("m2.example"), false);
  assertStringIncludes(metalink, "m1.example");
  const list = await site.get(`${FILE}?mirrorlist&mirror=m3`, {
    from: SE,
    headers: { accept: "application/json" },
  });
  const { MirrorList } = await list.json();
  assertEquals(MirrorList.map((one: Record<string, unknown>) => one["Name"]), ["m3"]);
});

Deno.test("the mirror list links lists without each mirror", async () => {
  const site = new Site();
  const page = async (query: string) =>
    await (await site.get(`${FILE}?mirrorlist${query}`, {
      from: SE,
      headers: { accept: "text/html" },
    })).text();
  assertStringIncludes(
    await page(""),
    `<a class="other" title="not this one: m2" href="?mirrorlist&amp;avoid=m2"></a>`,
  );
  const without = await page("&avoid=m2");
  assertStringIncludes(without, "Without <strong>m2</strong>");
  assertStringIncludes(without, `href="/pool/file.iso?mirrorlist">back to all mirrors</a>`);
  assertStringIncludes(without, `href="?mirrorlist&amp;avoid=m2,m1"></a>`);
  assertStringIncludes(without, `href="/pool/file.iso?avoid=m2">Download the file</a>`);
  assertStringIncludes(await page("&avoid=@EU,US"), "Without @EU, US nobody is left");
  const silent = new Site({ config: { clientChoice: "none" } });
  const answer = await silent.get(`${FILE}?mirrorlist&avoid=m2`, {
    from: SE,
    headers: { accept: "text/html" },
  });
  const text = await answer.text();
  assertEquals([text.includes("not this one:"), text.includes("Without")], [false, false]);
});

Deno.test("the mirror list says from where it is seen, and what is no address", async () => {
  const site = new Site();
  const page = async (query: string) =>
    await (await site.get(`${FILE}?mirrorlist${query}`, {
      from: SE,
      headers: { accept: "text/html" },
    })).text();
  const seen = await page(`&fromip=${US}&https=0&avoid=m1`);
  assertStringIncludes(
    seen,
    `Seen from <strong>${US}</strong> — <a href="/pool/file.iso?mirrorlist&amp;avoid=m1&amp;https=0">back to your own</a>`,
  );
  assertStringIncludes(seen, `?mirrorlist&amp;avoid=m1,m3&amp;fromip=${US}&amp;https=0`);
  assertStringIncludes(await page("&fromip=<b>"), "“&lt;b&gt;” is no IP address");
  assertStringIncludes(await page("&fromip="), "Nothing is no IP address");
  for (const accept of ["text/html", "application/json"]) {
    const statuses = await Promise.all(["junk", "", US].map(async (fromIp) => {
      const target = `${FILE}?mirrorlist&fromip=${fromIp}`;
      const answer = await site.get(target, { from: SE, headers: { accept } });
      return [answer.status, answer.headers.has("Retry-After"), (await answer.text()).length > 20];
    }));
    assertEquals(statuses, [[400, false, true], [400, false, true], [200, false, true]], accept);
  }
  const nonsense = await page("&fromip=junk&lang=en");
  assertStringIncludes(nonsense, 'value="junk" aria-invalid="true"');
  assertStringIncludes(
    nonsense,
    '<a href="/pool/file.iso?mirrorlist&amp;lang=en">Back to your own',
  );
});

Deno.test("the mirror list names who lacks the file in one folded line", async () => {
  const mirrors = [
    ...MIRRORS,
    { ...MIRRORS[0]!, id: 8, name: "zoo" },
    { ...MIRRORS[0]!, id: 9, name: "ark" },
    { ...MIRRORS[0]!, id: 10, name: "off", enabled: false },
    { ...MIRRORS[0]!, id: 11, name: "campus", networks: ["10.0.0.0/8"], networksOnly: true },
  ];
  const site = new Site({ mirrors });
  const answer = await site.get(`${FILE}?mirrorlist`, {
    from: SE,
    headers: { accept: "text/html" },
  });
  assertStringIncludes(
    await answer.text(),
    `<details class="lacking"><summary>2 mirrors lack the file</summary> <p>ark, zoo</p></details>`,
  );
});
