import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { NO_TEMPLATES } from "../../../lib/config/page_templates.ts";
import { LANGUAGES } from "../../../lib/http/pages/words/languages.ts";
import { CONFIG, FILE_TIME, indexedFile, MIRRORS, Site } from "../fixtures.ts";
import { tablesOf, textOf } from "./tables_of.ts";

const FILE = "/pool/file.iso";
const GB = "81.2.69.160";

async function page(site: Site, target: string, language?: string): Promise<string> {
  const headers = { Accept: "text/html", ...(language ? { "Accept-Language": language } : {}) };
  return await (await site.get(target, { from: GB, headers })).text();
}

Deno.test("pages speak the language of the browser, and of the link before that", async () => {
  const site = new Site();
  const list = `${FILE}?mirrorlist`;
  assertStringIncludes(await page(site, list), "Download the file");
  assertStringIncludes(await page(site, list, "nl,fi"), "Download the file");
  assertStringIncludes(await page(site, list, "de-CH, en;q=0.5"), "Datei herunterladen");
  assertStringIncludes(await page(site, `${list}&lang=fr`, "de"), "Télécharger le fichier");
  assertStringIncludes(await page(site, "/?mirrorstats", "ja"), "ミラーの統計");
  assertStringIncludes(await page(site, "/nope", "ru"), "В хранилище нет такого файла.");
  assertStringIncludes(await page(site, "/%zz", "es"), "La dirección está mal formada.");
  const arabic = await page(site, list, "ar");
  assertStringIncludes(arabic, '<html lang="ar" dir="rtl">');
});

Deno.test("pages without Accept-Language have the heads that tools know", async () => {
  const mirrors = MIRRORS.map((mirror) => ({ ...mirror, enabled: mirror.id !== 3 }));
  const heads = ["Mirror Name", "URL", "Country", "Continent", "Distance"];
  const [ranked, excluded] = tablesOf(await page(new Site({ mirrors }), `${FILE}?mirrorlist`));
  assertEquals(ranked![0], ["Rank", ...heads, "Selection"]);
  assertEquals(excluded![0], [...heads, "Exclude Reason"]);
});

Deno.test("without Accept-Language a list says what tools know of the original", async () => {
  const mirrors = MIRRORS.map((mirror) => ({ ...mirror, enabled: mirror.id !== 3 }));
  const file = indexedFile(FILE, { size: 40_961, sha1: "" });
  const copies = file.copies.map((copy) =>
    copy.mirrorId === 2 ? { ...copy, size: 40_960 } : { ...copy, size: 40_961 }
  );
  const site = new Site({ mirrors, files: [{ ...file, copies }] });
  const ask = async (from: string, language?: string): Promise<string> =>
    await (await site.get(`${FILE}?mirrorlist`, {
      from,
      headers: { Accept: "text/html", ...(language ? { "Accept-Language": language } : {}) },
    })).text();
  const plain = await ask(GB);
  const [, excluded, hashes] = tablesOf(plain);
  assertEquals(excluded!.slice(1).map((row) => row.at(-1)), [
    ...["File size mismatch", "Disabled"],
  ]);
  assertEquals(hashes!.find(([name]) => name === "SHA1"), ["SHA1", "N/A"]);
  assertStringIncludes(plain, ">40961</span>");
  assertStringIncludes(plain, new Date(FILE_TIME).toUTCString().replace("GMT", "UTC"));
  // People read how large, and nothing of what is not there.
  const people = await ask(GB, "en");
  assertStringIncludes(people, "40,960 bytes in place of 40,961 bytes");
  assert(!people.includes("N/A"));
  // Nobody knows where: tools read a rank and a distance, people neither.
  const [ranked] = tablesOf(await ask("127.0.0.1"));
  assertEquals(ranked!.slice(1).map(([rank]) => rank), ["1.", "2."]);
  for (const row of ranked!.slice(1)) assert(/^\d/.test(row[5]!), row[5]);
  const [unranked] = tablesOf(await ask("127.0.0.1", "en"));
  assertEquals(unranked!.slice(1).map(([rank]) => rank), ["", ""]);
});

Deno.test("pages vary by language, and caches are told", async () => {
  const site = new Site({ disk: { "/new": { type: "file", path: "/new" } } });
  for (const target of [`${FILE}?mirrorlist`, "/?mirrorstats", "/nope", "/new", "/pool/?setup"]) {
    const tags = new Set<string | null>();
    for (const language of ["en", "de", "de", "ar"]) {
      const response = await site.get(target, {
        headers: { Accept: "text/html", "Accept-Language": language },
      });
      assertEquals(response.headers.get("Content-Language"), language);
      const vary = response.headers.get("Vary") ?? "";
      assert(/\bAccept\b(?!-)/.test(vary) && vary.includes("Accept-Language"), `${target} ${vary}`);
      tags.add(response.headers.get("ETag"));
      await response.body?.cancel();
    }
    if (!tags.has(null)) assertEquals(tags.size, 3, target);
  }
  // JSON and redirects do not.
  const headers = { Accept: "application/json", "Accept-Language": "de" };
  const json = await site.get(`${FILE}?mirrorlist`, { headers });
  assertEquals(json.headers.get("Vary"), "Accept");
  await json.body?.cancel();
  const redirect = await site.get(FILE, { headers: { "Accept-Language": "de" } });
  assertEquals([redirect.status, redirect.headers.get("Vary")], [302, null]);
});

Deno.test("a page links to itself in each language, and keeps what it was asked with", async () => {
  const site = new Site();
  const html = await page(site, `${FILE}?mirrorlist&fromip=${GB}&lang=de&https=1`);
  const links = [...html.matchAll(/hreflang="([^"]+)"[^>]* href="([^"]*)"/g)]
    .map(([, tag, href]) => [tag, textOf(href!)]);
  assertEquals(
    links.map(([tag]) => tag),
    LANGUAGES.map(({ tag }) => tag).filter((tag) => tag !== "de"),
  );
  for (const [tag, href] of links) {
    assertEquals(href, `?mirrorlist&fromip=${GB}&https=1&lang=${tag}`);
  }
  // So do the others, once somebody chose a language.
  assertStringIncludes(html, `href="/?mirrorstats&amp;lang=de"`);
  assertStringIncludes(
    html,
    `href="?mirrorlist&amp;avoid=m4&amp;fromip=${GB}&amp;https=1&amp;lang=de"`,
  );
  assertStringIncludes(html, `<input type="hidden" name="lang" value="de">`);
  const long = await page(site, `${FILE}?mirrorlist&x=${"y".repeat(5000)}`);
  assert(!long.includes("yyyy"));
});

Deno.test("an operator adds a language, and words another otherwise", async () => {
  const languages = [
    { tag: "nl", name: "Nederlands", direction: "ltr", texts: { "answer.download": "Ophalen" } },
    { tag: "de", name: "Deutsch", direction: "ltr", texts: { "answer.download": "Hol dir das" } },
  ] as const;
  const site = new Site();
  const pageTemplates = { ...NO_TEMPLATES, languages };
  site.side.receive({ type: "configuration", config: { ...CONFIG, pageTemplates } });
  const list = `${FILE}?mirrorlist`;
  const dutch = await page(site, list, "nl-BE");
  assertStringIncludes(dutch, "Ophalen");
  assertStringIncludes(dutch, '<html lang="nl">');
  // What it lacks is said in English.
  assertStringIncludes(dutch, "Mirror Name");
  const german = await page(site, list, "de");
  assertStringIncludes(german, "Hol dir das");
  assertStringIncludes(german, "Entfernung");
  assertEquals(german.match(/hreflang="nl"/g)?.length, 1);
});

Deno.test("a frame of the operator that says another language is right but for the content", async () => {
  const site = new Site();
  const pageTemplates = {
    ...NO_TEMPLATES,
    page: "<!DOCTYPE html><html lang=en><head>{{head}}</head><body>{{content}}</body></html>",
  };
  site.side.receive({ type: "configuration", config: { ...CONFIG, pageTemplates } });
  const html = await page(site, `${FILE}?mirrorlist`, "ar");
  assertStringIncludes(html, '<div lang="ar" dir="rtl"><h1>');
  assert(!(await page(site, `${FILE}?mirrorlist`)).includes("<div lang"));
});

Deno.test("statistics lead on in the language that was asked for, not in what stands there", async () => {
  const site = new Site();
  const linksOf = async (target: string): Promise<string[]> => {
    const response = await site.get(target, { headers: { Accept: "text/html" } });
    assertEquals(response.status, 200, target);
    const text = (await response.text()).replace(/<nav class="languages".*?<\/nav>/s, "");
    return [...text.matchAll(/href="(\/?\?mirrorstats[^"]*)"/g)].map(([, link]) => link!);
  };
  for (const target of ["/?mirrorstats&lang=DE-at", "/?mirrorstats=m1&lang=DE-at"]) {
    const links = await linksOf(target);
    assert(links.length > 1, target);
    for (const link of links) assertEquals(link.endsWith("lang=de"), true, `${target}: ${link}`);
  }
});
