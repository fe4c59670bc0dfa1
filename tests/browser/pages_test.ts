import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { overflow, overlappingTexts, startBrowser, watch } from "./browser.ts";
import { FILE, manyMirrors, pageSite } from "./page_site.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { Site } from "../http/fixtures.ts";
import { NO_TEMPLATES } from "../../lib/config/page_templates.ts";
import { LANGUAGES } from "../../lib/http/pages/words/languages.ts";
import { repositoryDisk } from "../../lib/http/request/repository_disk.ts";
import { PSEUDO_LANGUAGE } from "./pseudo_language.ts";

const LONDON = "81.2.69.160";

const PAGES = {
  list: `${FILE}?mirrorlist&fromip=${LONDON}`,
  "list of an unknown client": `${FILE}?mirrorlist&fromip=192.0.2.1`,
  stats: "/?mirrorstats",
  "stats of a month": "/?mirrorstats&period=2026-10",
  "a mirror's own": `/?mirrorstats=${manyMirrors(1)[0]!.name}`,
  error: "/nope",
} as const;

const WIDTHS = [1280, 390];

/** Where screenshots are kept, for who wants to look at them. */
const screenshots = Deno.env.get("MIRRORBITS_SCREENSHOTS");

/** Serves a site on a free port. */
function serve(site: Site): AsyncDisposable & { readonly origin: string } {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(options, site.side.handler);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What is wrong for those who use a screen reader, a keyboard, or need contrast. */
async function violations(page: Page, rule?: string): Promise<string[]> {
  const only = rule === undefined ? "" : `, runOnly: ["${rule}"]`;
  return await page.evaluate(
    `axe.run({ resultTypes: ["violations"]${only} }).then(({ violations }) =>` +
      " violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))",
  );
}

/** Texts in tables of which a part cannot be seen, and whose title does not say it to who points at them. */
async function cutTexts(page: Page): Promise<string[]> {
  return await page.evaluate(String.raw`[...document.querySelectorAll(
    ".stack tbody td:not([data-code], .url), .stack tbody td :is(a, span)",
  )]
    .filter((part) => part.checkVisibility() && !part.closest(".url, .by-rank td:nth-child(3)"))
    .filter((part) => part.scrollWidth > part.clientWidth + 1)
    .filter((part) => getComputedStyle(part).overflowX !== "visible")
    .filter((part) => {
      part.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      const { textOverflow } = getComputedStyle(part);
      return textOverflow !== "ellipsis" || !part.title.startsWith(part.textContent.trim());
    })
    .map(({ textContent }) => textContent)`);
}

/** Mirrors that take more than one line; one that is excluded may, where its reason is long. */
async function highRows(page: Page): Promise<string[]> {
  return await page.evaluate(
    `[...document.querySelectorAll(".stack tbody tr:not(.group)")]
      .filter((row) => !row.closest(".excluded") || row.querySelector(".tag").offsetWidth < 200)
      .filter((row) => row.checkVisibility() && row.clientHeight > 36)
      .map((row) => row.clientHeight + " " + row.textContent)`,
  );
}

/** What the legend of the map names although it is not there, or does not name although it is. */
async function legendLies(page: Page): Promise<string[]> {
  return await page.evaluate(`[".client", ".pin.drawn", ".pin.crowd"].filter((kind) => {
    const seen = (place) =>
      [...document.querySelectorAll(place + " " + kind)].some((one) => one.checkVisibility());
    return document.querySelector(".maps") !== null && seen(".map") !== seen(".legend");
  })`);
}

Deno.test("the checks of the pages find what is wrong", async () => {
  await using browser = await startBrowser();
  const page = await browser.newPage();
  await page.setContent(
    "<p style='position:absolute;top:9px;left:9px'>One</p>" +
      "<p style='position:absolute;top:9px;left:9px;width:9000px;color:#ddd'>Two</p>",
  );
  await page.evaluate(axe.source);
  assertEquals(await overlappingTexts(page), ["One | Two"]);
  assert(await overflow(page) > 5000);
  assert((await violations(page)).some((violation) => violation.startsWith("color-contrast")));
  await page.setContent(
    "<figure class=maps><ul class=legend><li class=client>You</ul></figure>" +
      "<table class=stack><tbody><tr><td style='display:block;width:9px;overflow:hidden'>Long",
  );
  assertEquals(await cutTexts(page), ["Long"]);
  assertEquals(await legendLies(page), [".client"]);
  await page.setContent("<table class=stack><tbody><tr><td>One<br>two<br>three");
  assert((await highRows(page))[0]?.endsWith("Onetwothree"));
});

Deno.test("the pages are well on every screen, with any number of mirrors", async (t) => {
  await using browser = await startBrowser();
  for (const count of [0, 1, 8, 120]) {
    await using server = serve(pageSite(count));
    for (const width of WIDTHS) {
      await t.step(`${count} mirrors, ${width} pixels wide`, async () => {
        await using context = await browser.newContext({
          viewport: { width, height: 900 },
          bypassCSP: true,
        });
        const page = await context.newPage();
        const misdeeds = watch(page, server.origin);
        for (const [name, target] of Object.entries(PAGES)) {
          if ((name === "error" && count > 0) || (name.includes("unknown") && count > 8)) continue;
          if (name === "a mirror's own" && count === 0) continue;
          await page.goto(server.origin + target);
          await page.evaluate(axe.source);
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            if (colorScheme === "light") {
              for (const view of await page.locator(".pick").all()) {
                await view.check({ force: true });
                assertEquals(await legendLies(page), [], name);
              }
              assertEquals(await legendLies(page), [], name);
              assert(await overflow(page) <= 0, `${name} is too wide`);
              assertEquals(await overlappingTexts(page), [], name);
            }
            // Only the colours change.
            const rule = colorScheme === "dark" ? "color-contrast" : undefined;
            assertEquals(await violations(page, rule), [], `${name}, ${colorScheme}`);
            if (!screenshots) continue;
            const path = `${screenshots}/${name}-${count}-${width}-${colorScheme}.png`;
            await page.screenshot({ path, fullPage: true });
          }
        }
        // Chromium itself complains of an error page's status.
        const complaints = misdeeds.complaints.filter((text) => !/status of (404|503)/.test(text));
        assertEquals([misdeeds.foreign, complaints], [[], []]);
      });
    }
  }
});

Deno.test("a hundred and twenty mirrors fit on a page, and each is found", async (t) => {
  await using browser = await startBrowser();
  await using server = serve(pageSite(120));
  const heights = [[1280, 2_500], [390, 4_000]] as const;
  const languages = LANGUAGES.map(({ tag }) => tag);
  for (const [width, most] of heights) {
    await t.step(`the pages are short, ${width} pixels wide`, async () => {
      await using context = await browser.newContext({ viewport: { width, height: 900 } });
      const page = await context.newPage();
      const long = [
        ...[PAGES.list, PAGES["list of an unknown client"], PAGES.stats],
        ...["/releases/2.0/?mirrors", `${FILE}?rollout`],
      ];
      for (const target of long) {
        for (const tag of languages) {
          await page.goto(`${server.origin}${target}&lang=${tag}`);
          const height = await page.evaluate("document.documentElement.scrollHeight");
          assert(Number(height) < most, `${target} is ${height} pixels high in ${tag}`);
        }
      }
    });
  }
  for (const javaScriptEnabled of [true, false]) {
    await t.step(`groups fold ${javaScriptEnabled ? "with" : "without"} a script`, async () => {
      await using context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(server.origin + PAGES.list);
      const seen = async () =>
        await page.locator("table.ranked tbody tr:not(.group):visible").count();
      const before = await seen();
      assert(before < 22, `${before} are seen`);
      await page.getByLabel(/^Elsewhere/).check();
      assert(await seen() > before + 30);
      await page.getByLabel(/^Elsewhere/).uncheck();
      assertEquals(await seen(), before);
    });
  }
  await using context = await browser.newContext();
  const page = await context.newPage();
  await t.step("the filter finds what is folded", async () => {
    await page.goto(server.origin + PAGES.list);
    const rows = page.locator("table.ranked tbody tr:not(.group):visible");
    const before = await rows.count();
    await page.getByLabel("Filter mirrors").fill("japan");
    assert(await rows.count() > 3);
    assert((await rows.allInnerTexts()).every((text) => text.includes("Japan")));
    await page.getByLabel("Filter mirrors").fill("no such mirror");
    assertEquals(await rows.count(), 0);
    assert(await page.getByText("No mirror matches").isVisible());
    await page.getByLabel("Filter mirrors").fill("");
    assertEquals(await rows.count(), before);
  });
  await t.step("the map shows the surroundings, then the world, and leads to the row", async () => {
    await page.goto(server.origin + PAGES.list);
    const numbers = async () =>
      (await page.locator(".view:visible .pin:not(.crowd) text").allInnerTexts()).length;
    const drawn = await page.locator(".view.near .pin.drawn").count();
    assert(await numbers() <= drawn + 10);
    const near = await page.locator(".view:visible .crowd").count();
    await page.getByText("World", { exact: true }).click();
    assert(await page.locator(".view:visible .crowd").count() > near);
    const link = page.locator(".view:visible .map a.crowd").last();
    await link.focus();
    assert(/^\d+ mirrors: /.test(await page.locator(".tip").innerText()));
    await page.keyboard.press("Enter");
    const [, key = ""] = /#(m\d+)$/.exec(page.url()) ?? [];
    assert(await page.locator(`#${key}`).isVisible(), "its group is seen");
  });
  await t.step(
    "cells stand as the heads of their columns, and what is folded has bars",
    async () => {
      for (const target of [PAGES.list, PAGES["list of an unknown client"], PAGES.stats]) {
        await page.goto(server.origin + target);
        await page.evaluate(
          "document.querySelectorAll('details').forEach((one) => one.open = true)",
        );
        const wrong = await page.evaluate(
          `[...document.querySelectorAll("table.stack")].flatMap((table) => {
        const aligned = (cell) => {
          const { display, textAlign } = getComputedStyle(cell);
          return display + " " + textAlign;
        };
        const heads = [...table.querySelectorAll("thead th")].map(aligned);
        return [...table.querySelectorAll("tbody tr:not(.group)")]
          .filter(({ cells }) => [...cells].some((cell, index) => aligned(cell) !== heads[index]))
          .map(({ textContent }) => textContent);
      })`,
        );
        assertEquals(wrong, []);
      }
      const [rows, bars] = [page.locator("table.day tbody tr[id]"), page.locator("table.day .bar")];
      assertEquals(await bars.count(), await rows.count() * 2);
    },
  );
  await t.step("a column sorts within each group", async () => {
    await page.goto(server.origin + PAGES.list);
    const head = page.getByRole("columnheader", { name: "Distance" });
    for (const sign of [1, -1]) {
      await head.getByRole("button").click();
      const bodies = await page.locator("table.ranked tbody").evaluateAll((bodies) =>
        bodies.map((body) =>
          [...body.querySelectorAll("tr:not(.group) td:nth-child(6)")].map((cell) =>
            Number(cell.textContent?.replace(/\D/g, ""))
          )
        )
      );
      for (const distances of bodies) {
        assertEquals(distances, distances.toSorted((a, b) => (a - b) * sign));
      }
    }
  });
});

Deno.test("what is to be touched is large enough, and a list is printed whole", async (t) => {
  await using browser = await startBrowser();
  await using server = serve(pageSite(120));
  for (const width of WIDTHS) {
    await t.step(`targets, ${width} pixels wide`, async () => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
      for (const target of Object.values(PAGES)) {
        await page.goto(server.origin + target);
        await page.evaluate(axe.source);
        assertEquals(await violations(page, "target-size"), [], target);
        const small = await page.evaluate(String.raw`[
          ...document.querySelectorAll("a, button, input, summary, label"),
        ].filter((one) => one.checkVisibility() && !one.closest(".skip, .map") &&
            !["hidden", "radio"].includes(one.type))
          .filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            return width < 24 || height < 24;
          })
          .map((one) => one.outerHTML.slice(0, 100))`);
        assertEquals(small, [], target);
      }
    });
  }
  await t.step("a marker on the map is large enough, too", async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
    await page.goto(server.origin + PAGES.list);
    const sizes = await page.locator(".view:visible .map a circle:last-of-type").evaluateAll(
      (circles) => circles.map((circle) => circle.getBoundingClientRect().width),
    );
    assert(sizes.length > 5);
    for (const size of sizes) assert(size >= 23.9, `${size} pixels`);
  });
  await t.step("the keyboard gets past the map", async () => {
    const page = await browser.newPage();
    await page.goto(server.origin + PAGES.list);
    await page.getByRole("link", { name: "Skip the map" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assertEquals(
      await page.evaluate("document.activeElement.closest('.map, .maps') === null"),
      true,
    );
    assertEquals(await page.evaluate("document.activeElement.type"), "search");
  });
  await t.step("paper", async () => {
    const page = await browser.newPage({ viewport: { width: 800, height: 1100 } });
    await page.goto(server.origin + PAGES.list);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const rows = page.locator("table.ranked tbody tr:not(.group)");
    assertEquals(
      await page.locator("table.ranked tbody tr:not(.group):visible").count(),
      await rows.count(),
    );
    const unfolded = page.locator("table.excluded tbody tr");
    assert(await unfolded.count() > 5);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assertEquals(
      await page.locator("table.excluded tbody tr:visible").count(),
      await unfolded.count(),
      "what is folded is printed",
    );
    for (const gone of ["nav", "form", ".maps", ".button", ".copy", ".filter", "summary"]) {
      assertEquals(await page.locator(`${gone}:visible`).count(), 0, gone);
    }
    assert(await overflow(page) <= 0, "it is wider than the paper");
    assertEquals(
      await page.evaluate("getComputedStyle(document.body).backgroundColor"),
      "rgb(255, 255, 255)",
    );
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assertEquals(await page.locator("details[open]").count(), 0);
  });
});

Deno.test("every page in every language fits a phone", async (t) => {
  await using browser = await startBrowser();
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/releases/2.0`, { recursive: true });
  await Deno.writeTextFile(`${root.path}${FILE}`, "x".repeat(1000));
  const languages = [PSEUDO_LANGUAGE];
  const config = {
    pageTemplates: { ...NO_TEMPLATES, languages },
    ...{ directories: "list" as const, repository: root.path },
  };
  await using server = serve(pageSite(30, { config, repository: repositoryDisk }));
  const targets = [
    PAGES.list,
    PAGES["list of an unknown client"],
    `${FILE}?mirrorlist&fromip=nonsense&avoid=mirror-1.gb`,
    PAGES.stats,
    "/releases/2.0/",
    "/releases/2.0/?mirrors",
    "/releases/2.0/?setup",
    `${FILE}?rollout`,
    "/releases/2.0/sample-image-2.1.iso",
    `/releases/${"a-rather-long-name-of-a-directory/".repeat(3)}`,
  ];
  for (const { tag } of [...LANGUAGES, PSEUDO_LANGUAGE]) {
    await t.step(tag, async () => {
      await using context = await browser.newContext({
        viewport: { width: 390, height: 900 },
        bypassCSP: true,
        locale: tag,
      });
      const page = await context.newPage();
      const misdeeds = watch(page, server.origin);
      for (const target of targets) {
        const what = `${target} in ${tag}`;
        await page.goto(server.origin + target);
        assertEquals(await page.locator("html").getAttribute("lang"), tag);
        await page.evaluate(
          "document.querySelectorAll('details').forEach((one) => one.open = true)",
        );
        assert(await overflow(page) <= 0, `${what} is too wide`);
        assertEquals(await overlappingTexts(page), [], what);
        assertEquals(await cutTexts(page), [], `${what} has texts that are cut`);
        assertEquals(await highRows(page), [], `${what}: a mirror takes one line`);
        // What is said in another language than the page is marked as such.
        await page.evaluate(axe.source);
        const rule = tag === "ar" ? undefined : "valid-lang";
        assertEquals(await violations(page, rule), [], what);
        if (screenshots) {
          const name = `${tag}-${targets.indexOf(target)}`;
          await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
        }
      }
      assertEquals(misdeeds.foreign, []);
      if (tag !== PSEUDO_LANGUAGE.tag) return;
      // Between the phone and the desk there is least room for long words.
      await page.setViewportSize({ width: 900, height: 900 });
      for (const target of targets) {
        await page.goto(server.origin + target);
        assert(await overflow(page) <= 0, `${target} is too wide at 900 pixels`);
      }
    });
  }
  await t.step("the switch keeps what the page was asked with", async () => {
    await using context = await browser.newContext({ locale: "de" });
    const page = await context.newPage();
    await page.goto(server.origin + PAGES.list);
    await page.getByRole("link", { name: "Français" }).click();
    await page.waitForURL(/mirrorlist&fromip=.*&lang=fr$/);
    assert(await page.getByRole("link", { name: "Télécharger le fichier" }).isVisible());
    await page.getByRole("link", { name: "Statistiques des miroirs" }).click();
    await page.waitForURL(/mirrorstats&lang=fr$/);
    assertEquals(await page.locator("html").getAttribute("lang"), "fr");
  });
});

Deno.test("a list of more than 1 000 names leads to the mirrors of each file", async () => {
  await using browser = await startBrowser();
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/pool/sub`, { recursive: true });
  for (let i = 0; i < 1_000; i++) Deno.writeTextFileSync(`${root.path}/pool/it's ${i}.iso`, "");
  const config = { directories: null, repository: root.path };
  await using server = serve(new Site({ config, repository: repositoryDisk }));
  for (const [width, lang, check] of [[1280, null, "check"], [375, "de", "prüfen"]] as const) {
    const suffix = lang === null ? "" : `lang=${lang}`;
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(`${server.origin}/pool/?${suffix}`);
    assertEquals(await page.locator("tbody a[href*=mirrorlist]").count(), 1_000);
    assert(await overflow(page) <= 0, `it is too wide for ${width} pixels`);
    const link = page.getByRole("link", { name: `${check} it's 7.iso`, exact: true });
    assertEquals(await link.textContent(), check);
    assertEquals(await page.locator("thead th").last().textContent(), "Mirrors");
    await link.click();
    await page.waitForURL(
      `${server.origin}/pool/it%27s%207.iso?mirrorlist${suffix === "" ? "" : `&${suffix}`}`,
    );
    // Without the script, the field does.
    const still = await browser.newPage({ javaScriptEnabled: false });
    await still.goto(`${server.origin}/pool/?${suffix}`);
    assertEquals(await still.locator("tbody a[href*=mirrorlist]").count(), 0);
    await still.locator("input[name=mirrorlist]").fill("it's 7.iso");
    await still.locator("form.card button").click();
    await still.waitForURL(/it('|%27)s%207\.iso\?mirrorlist/);
  }
});

Deno.test("a directory is well on every screen", async () => {
  await using browser = await startBrowser();
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/dists`);
  await Deno.writeTextFile(
    `${root.path}/a long name & söme more_1.0-1_amd64.tar.gz`,
    "x".repeat(1000),
  );
  const config = { directories: null, repository: root.path };
  await using server = serve(new Site({ config, repository: repositoryDisk }));
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
    await page.goto(server.origin);
    await page.evaluate(axe.source);
    assert(await overflow(page) <= 0, `it is too wide for ${width} pixels`);
    const table = await page.locator("table").boundingBox();
    const card = await page.locator("section").first().boundingBox();
    assert(table!.x + table!.width <= card!.x + card!.width, `its table, for ${width} pixels`);
    assertEquals(await overlappingTexts(page), []);
    assertEquals(await violations(page), []);
  }
});

Deno.test("the pages work in a browser", async (t) => {
  await using directory = await tempDir();
  await Deno.mkdir(`${directory.path}/releases/2.0`, { recursive: true });
  await Deno.writeTextFile(directory.path + FILE, "The file itself");
  await using mirror = MirrorServer.start(directory.path);
  const mirrors = manyMirrors(8).map((record, index) =>
    index === 0 ? { ...record, httpUrl: mirror.url, httpUp: true } : record
  );
  await using server = serve(pageSite(8, { mirrors }));
  await using browser = await startBrowser();
  await using context = await browser.newContext({ colorScheme: "light" });
  const page = await context.newPage();
  const misdeeds = watch(page, server.origin);

  await t.step("a mirror's link downloads the file", async () => {
    await page.goto(server.origin + PAGES.list);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: mirror.url }).click(),
    ]);
    const path = await download.path();
    assertEquals(await Deno.readTextFile(path), "The file itself");
    misdeeds.foreign.length = 0;
  });

  await t.step(
    "the policy lets in the page's own style and script, and blocks nothing of it",
    async () => {
      for (const target of Object.values(PAGES).slice(0, 3)) {
        await page.goto(server.origin + target);
        assertEquals(
          await page.getByRole("button", { name: "Copy MD5" }).count() > 0,
          target.includes(FILE),
        );
      }
      assertEquals(misdeeds, { foreign: [], complaints: [] });
    },
  );

  await t.step("columns sort both ways, and say so", async () => {
    await page.goto(server.origin + PAGES.stats);
    const firsts = () => page.locator("tbody td:first-child").allInnerTexts();
    const before = await firsts();
    const head = page.getByRole("columnheader", { name: "Downloads" });
    await head.getByRole("button").click();
    assertEquals(await head.getAttribute("aria-sort"), "ascending");
    assertEquals(await firsts(), before.toReversed());
    await head.getByRole("button").click();
    assertEquals(await head.getAttribute("aria-sort"), "descending");
    assertEquals(await firsts(), before);
  });

  await t.step("ages sort by value, and those that nobody knows come last", async () => {
    await page.goto(server.origin + PAGES.stats);
    const head = page.getByRole("columnheader", { name: "Last update" });
    const ages = async (): Promise<(number | null)[]> =>
      await page.locator("tbody td:nth-child(5)").evaluateAll((cells) =>
        cells.map((cell) => {
          const sort = cell.getAttribute("data-sort");
          return sort ? Number(sort) : null;
        })
      );
    const rank = (sign: number) => (a: number | null, b: number | null): number =>
      a === null || b === null ? Number(a === null) - Number(b === null) : (a - b) * sign;
    for (const sign of [1, -1]) {
      await head.getByRole("button").click();
      const found = await ages();
      assertEquals([found.includes(null), found.length > 3], [true, true]);
      assertEquals(found, found.toSorted(rank(sign)));
    }
  });

  for (const secure of [true, false]) {
    await t.step(
      `a command is copied, ${secure ? "with" : "without"} a clipboard to write to`,
      async () => {
        await using other = await browser.newContext({
          permissions: ["clipboard-read", "clipboard-write"],
        });
        const page = await other.newPage();
        if (!secure) {
          await page.addInitScript(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
          );
        }
        await page.goto(server.origin + PAGES.list);
        await page.getByText("Check the download").click();
        await page.getByRole("button", { name: "Copy the command for Linux" }).click();
        await page.getByRole("button", { name: "Copy the command for Linux" })
          .filter({ hasText: "Copied" }).waitFor();
        const field = page.getByLabel("Look from another address");
        await field.evaluate((input) => input.removeAttribute("maxlength"));
        await field.fill("");
        await field.press("Control+V");
        assertEquals(
          await field.inputValue(),
          `printf '%s  %s\\n' ${"ab".repeat(32)} 'sample-image-2.0.iso' | sha256sum -c`,
        );
      },
    );
  }

  await t.step("a row and its marker light up together", async () => {
    await page.goto(server.origin + PAGES.list);
    await page.locator("tr#m1").hover();
    assertEquals(await page.locator(".map a.lit").getAttribute("href"), "#m1");
    await page.locator(".map a[href='#m3']").hover();
    assertEquals(await page.locator("tr.lit").getAttribute("id"), "m3");
    assert((await page.locator(".tip").innerText()).includes("Germany"));
  });

  await t.step("the keyboard reaches the content first, then everything", async () => {
    await page.goto(server.origin + PAGES.list);
    await page.keyboard.press("Tab");
    assertEquals(await page.evaluate("document.activeElement.textContent"), "Skip to content");
    await page.keyboard.press("Enter");
    assertEquals(await page.evaluate("document.activeElement.id"), "content");
  });

  await t.step("who looks from another address finds it in its field, and a way back", async () => {
    await page.goto(server.origin + PAGES.list);
    assertEquals(await page.getByLabel("Look from another address").inputValue(), LONDON);
    await page.getByRole("link", { name: "Back to your own", exact: true }).click();
    await page.waitForURL(/mirrorlist$/);
    assertEquals(await page.getByLabel("Look from another address").inputValue(), "");
  });

  await t.step("somebody can look from another address", async () => {
    await page.getByLabel("Look from another address").fill("216.160.83.56");
    await page.getByRole("button", { name: "Look" }).click();
    await page.waitForURL(/fromip=216/);
    assert((await page.locator("main").innerText()).includes("Milton"));
  });

  await t.step("the pages work without JavaScript", async () => {
    await using plain = await browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(server.origin + PAGES.list);
    assertEquals(await page.getByRole("columnheader").count() > 7, true);
    assertEquals(
      await page.getByRole("link", { name: "Download the file" }).count(),
      1,
    );
  });

  await t.step("a page cannot be framed", async () => {
    await page.goto(`data:text/html,<iframe src="${server.origin}${PAGES.stats}"></iframe>`);
    await page.waitForTimeout(50);
    const inner = page.frames()[1];
    assert(!(await inner?.content() ?? "").includes("Mirror statistics"));
  });
});
