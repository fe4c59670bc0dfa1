import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MIRRORS, Site } from "../fixtures.ts";
import { textOf } from "./tables_of.ts";

const FILE = "/pool/file.iso";
const GB = "81.2.69.160";

/** The answer on top of a mirror list, as text. */
async function answerOf(site: Site, from: string, query = ""): Promise<string> {
  const html = await (await site.get(`${FILE}?mirrorlist${query}`, { from })).text();
  const card = /<section class="card answer"[^]*?<\/section>/.exec(html)?.[0] ?? "";
  return textOf(card).replace(/\s+/g, " ").trim();
}

Deno.test("the answer says who serves, how far away that is, and how to check it", async () => {
  const [first] = MIRRORS;
  const alone = new Site({ mirrors: [{ ...first!, sponsorName: "University of X" }] });
  assertEquals(
    await answerOf(alone, GB),
    `University of X (United Kingdom, 0 km) will serve you Download the file 1,000 bytes SHA-256 ${
      "ab".repeat(32)
    }`,
  );
});

Deno.test("the answer names the likeliest of those that share, and promises nobody", async () => {
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id === 3 ? mirror : { ...mirror, latitude: 48, longitude: mirror.id / 10 }
  );
  const answer = await answerOf(new Site({ mirrors }), GB);
  assertStringIncludes(answer, "One of 3 mirrors will serve you, most likely m1 (United Kingdom, ");
});

Deno.test("the answer tells no distance to a client whose place is unknown", async () => {
  assertStringIncludes(await answerOf(new Site(), "192.0.2.1"), "One of 4 mirrors will serve you ");
  const [first] = MIRRORS;
  const alone = await answerOf(new Site({ mirrors: [first!] }), "192.0.2.1");
  assertStringIncludes(alone, "m1 (United Kingdom) will serve you ");
});

Deno.test("the answer is a fallback where no mirror may serve, and none where nobody may", async () => {
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "", continentCode: "" }];
  const fallback = await answerOf(new Site({ mirrors: [], config: { fallbacks } }), GB);
  assertStringIncludes(fallback, "fallback0 will serve you ");
  assertEquals(await answerOf(new Site({ mirrors: [] }), GB), "");
});

Deno.test("the answer's link keeps what was asked for", async () => {
  const html = await (await new Site().get(`${FILE}?mirrorlist&avoid=m1&https=1`, { from: GB }))
    .text();
  assert(/class="button" href="\/pool\/file\.iso\?avoid=m1&amp;https=1"/.test(html), html);
});
