import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { repositoryDisk } from "../../../lib/http/request/repository_disk.ts";
import { PAGE_ROWS, shownEntries } from "../../../lib/http/request/shown_entries.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { indexedFile, Site, type SiteOptions } from "../fixtures.ts";

/** A site over a real directory. */
function siteOf(root: string, options: SiteOptions = {}): Site {
  return new Site({
    ...options,
    config: { directories: null, repository: root, ...options.config },
    repository: repositoryDisk,
  });
}

const JSON_ACCEPT = { headers: { Accept: "application/json" } };

async function tree(root: string): Promise<void> {
  await Deno.mkdir(`${root}/pool/a b`, { recursive: true });
  await Deno.writeTextFile(`${root}/pool/file.iso`, "x".repeat(2000));
  await Deno.writeTextFile(`${root}/pool/small#1?.txt`, "x");
  await Deno.writeTextFile(`${root}/pool/.hidden`, "");
  await Deno.writeTextFile(`${root}/pool/README`, "Read <me>");
  await Deno.writeTextFile(`${root}/pool/upload.tmp`, "");
  await Deno.symlink("file.iso", `${root}/pool/link`);
  await Deno.symlink("/etc", `${root}/pool/outside`);
}

Deno.test("a directory is a list of what is in it", async () => {
  await using root = await tempDir();
  await tree(root.path);
  const site = siteOf(root.path, {
    files: [indexedFile("/pool/file.iso")],
    config: { exclude: ["*.tmp"] },
  });
  const moved = await site.get("/pool?sort=size");
  assertEquals([moved.status, moved.headers.get("Location")], [301, "/pool/?sort=size"]);
  const page = await site.get("/pool/");
  assertEquals(page.status, 200);
  const text = await page.text();
  const links = [...text.matchAll(/<td><a href="([^"]*)"/g)].map(([, link]) => link);
  assertEquals(links, [
    "../",
    "./a%20b/",
    "./README",
    "./file.iso",
    "./link",
    "./small%231%3F.txt",
  ]);
  assertStringIncludes(text, "Read &lt;me&gt;");
  assertMatch(text, /<button form="list" formaction="\.\/file\.iso">\d+</);
  // Tools that follow links find each file once.
  assertEquals(text.includes("?mirrorlist"), false);
  assertEquals((await site.get("/pool/file.iso?mirrorlist=")).status, 200);
  const { Entries } = await (await site.get("/pool/?sort=size", JSON_ACCEPT)).json();
  assertEquals(Entries.map(({ Name }: { Name: string }) => Name).slice(0, 3), [
    "a b",
    "file.iso",
    "link",
  ]);
  assertEquals((await site.get("/")).status, 200);
  // Nothing of it counts, and the words of before mean what they did.
  assertEquals(site.facts.length, 0);
  assertEquals((await site.get("/pool/?mirrorlist")).status, 503);
});

Deno.test("a directory is its index.html, up to a size", async () => {
  await using root = await tempDir();
  await tree(root.path);
  await Deno.writeTextFile(`${root.path}/pool/index.html`, "<p>Mine</p>");
  const site = siteOf(root.path);
  const page = await site.get("/pool/");
  assertEquals(await page.text(), "<p>Mine</p>");
  assertEquals(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  await Deno.writeFile(`${root.path}/pool/index.html`, new Uint8Array(4 * 1024 * 1024 + 1));
  site.now += 5000;
  assertStringIncludes(await (await site.get("/pool/")).text(), "Index of");
});

Deno.test("Directories says whether a list, a fallback or nothing answers", async () => {
  await using root = await tempDir();
  await tree(root.path);
  const fallbacks = [{ url: "https://fallback.example/", countryCode: "", continentCode: "" }];
  assertEquals(
    (await siteOf(root.path, { config: { directories: "off" } }).get("/pool/")).status,
    404,
  );
  const withFallback = await siteOf(root.path, { config: { fallbacks } }).get("/pool/");
  assertEquals(withFallback.headers.get("Location"), "https://fallback.example/pool/");
  const wanted = await siteOf(root.path, { config: { fallbacks, directories: "list" } }).get(
    "/pool/",
  );
  assertEquals(wanted.status, 200);
});

Deno.test("shownEntries() shows so many names on a page, and no page that is not there", () => {
  const listed = Array.from({ length: PAGE_ROWS + 1 }, (_, index) => ({
    name: `${index}`,
    path: `/${index}`,
    type: "file" as const,
    size: index,
    modTime: null,
  }));
  const first = shownEntries(listed, "/", null, { sort: "size", page: 1 });
  assertEquals([first.entries.length, first.pages, first.entries[0]!.size], [
    PAGE_ROWS,
    2,
    PAGE_ROWS,
  ]);
  const last = shownEntries(listed, "/", null, { sort: "size", page: 9 });
  assertEquals([last.page, last.entries.map(({ name }) => name)], [2, ["0"]]);
  assert(shownEntries(listed.slice(1), "/", null, { sort: "", page: 1 }).pages === 1);
});
