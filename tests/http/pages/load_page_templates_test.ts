import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loadPageTemplates } from "../../../lib/http/pages/load_page_templates.ts";
import { NO_TEMPLATES } from "../../../lib/config/page_templates.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { CONFIG, Site } from "../fixtures.ts";

async function load(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Awaited<ReturnType<typeof loadPageTemplates>> & { path: string }> {
  await using directory = await tempDir();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${directory.path}/${name}`, bytes);
  }
  return { ...await loadPageTemplates(directory.path), path: directory.path };
}

Deno.test("loadPageTemplates() without a directory gives the embedded pages", async () => {
  assertEquals(await loadPageTemplates(null), { templates: NO_TEMPLATES, warnings: [] });
  assertEquals((await load({})).templates, NO_TEMPLATES);
});

Deno.test("loadPageTemplates() puts the operator's parts around every page", async () => {
  const { templates, warnings } = await load({
    "page.html": "<!DOCTYPE html><html lang=en><head>{{head}}</head><body>" +
      "<div>{{ header }}</div><main>{{content}}</main>{{footer}}{{script}}</body></html>",
    "header.html": `{{logo}}<b>Our files: {{title}}</b>`,
    "footer.html": `<a href="https://example.org/">Imprint</a> {{program}}`,
    "style.css": ":root{--accent:#a00}",
    "logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  });
  assertEquals(warnings, []);
  const site = new Site();
  site.side.receive({ type: "configuration", config: { ...CONFIG, pageTemplates: templates } });
  for (const target of ["/pool/file.iso?mirrorlist", "/?mirrorstats", "/nope"]) {
    const response = await site.get(target, { headers: { Accept: "text/html" } });
    const html = await response.text();
    assertMatch(
      html,
      /<div><img src="data:image\/svg\+xml;base64,[^"]+" alt=""[^>]*><b>Our files: /,
    );
    assertStringIncludes(html, `<a href="https://example.org/">Imprint</a> Mirrorbits 1.2.3`);
    assertStringIncludes(html, ":root{--accent:#a00}</style>");
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    assertStringIncludes(response.headers.get("Content-Security-Policy") ?? "", hash);
  }
});

Deno.test("loadPageTemplates() reports what is broken and goes on with the embedded", async (t) => {
  const cases: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    [
      "header.html",
      "a\n{{logoo}}",
      /line 2: Unknown placeholder "{{logoo}}", there are {{logo}}, /,
    ],
    ["footer.html", "{{.Version}}", /line 1: Unknown placeholder "{{\.Version}}"/],
    ["page.html", "<html>{{head}}</html>", /The placeholder "{{content}}" is missing/],
    ["footer.html", new Uint8Array([0xff, 0xfe]), /It is not UTF-8/],
    ["style.css", "a{}</style><script>", /"<\/style" is not possible/],
    ["style.css", "@import 'x'", /"@import" is not possible/],
    ["style.css", "a{background:url(http://x/)}", /is not possible: a page loads nothing/],
    ["language.nl.json", '{"name":"x","texts":{"x":""}}', /There is no text "x"/],
    ["language.nl.json", "{", /JSON/],
    ["language.x.json", "{}", /"x" is no language/],
    ["logo.png", new Uint8Array(70_000), /It has more than 65536 bytes/],
  ];
  for (const [name, content, expected] of cases) {
    await t.step(`${name}: ${expected.source}`, async () => {
      const { templates, warnings, path } = await load({ [name]: content });
      assertEquals(templates, NO_TEMPLATES);
      assertEquals(warnings.length, 1);
      assertStringIncludes(warnings[0]!, `Cannot use the template "${path}/${name}"`);
      assertMatch(warnings[0]!, expected);
    });
  }
  await t.step("no such directory", async () => {
    const { templates, warnings } = await loadPageTemplates("/nowhere/templates");
    assertEquals(templates, NO_TEMPLATES);
    assertMatch(warnings.join("\n"), /^Cannot read the templates in "\/nowhere\/templates"/);
  });
  await t.step("templates of the original", async () => {
    const { templates, warnings } = await load({
      "base.html": "{{define}}",
      "mirrorlist.html": "",
    });
    assertEquals(templates, NO_TEMPLATES);
    assertMatch(
      warnings.join("\n"),
      /"base.html", "mirrorlist.html" in .* written for the original/,
    );
  });
});

Deno.test("loadPageTemplates() accepts images and fragments that are part of the style", async () => {
  const style = `a{background:url("data:image/png;base64,AA==")}b{fill:url(#a)}`;
  assertEquals((await load({ "style.css": style })).templates.style, style);
});

Deno.test("loadPageTemplates() reads languages, so many and no more", async () => {
  const file = JSON.stringify({ name: "Nederlands", texts: { copy: "Kopiëren" } });
  const { templates, warnings } = await load({ "language.nl.json": file });
  assertEquals(warnings, []);
  assertEquals(templates.languages.map(({ tag, texts }) => [tag, texts.copy]), [[
    "nl",
    "Kopiëren",
  ]]);
  const letters = "abcdefghijklmnopqrstu".split("");
  const many = await load(
    Object.fromEntries(letters.map((letter) => [`language.x${letter}x.json`, file])),
  );
  assertEquals(many.templates.languages.length, 20);
  assertMatch(many.warnings.join("\n"), /There are more than 20 languages$/);
});
