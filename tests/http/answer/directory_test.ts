import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import type { DirectoryEntry } from "../../../lib/http/request/repository.ts";
import { repositoryDisk } from "../../../lib/http/request/repository_disk.ts";
import { PAGE_ROWS, shownEntries } from "../../../lib/http/request/shown_entries.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { seededRandom } from "../../selection/fixtures.ts";
import { FILE_TIME, indexedFile, Site, type SiteOptions } from "../fixtures.ts";

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
  await Deno.writeTextFile(`${root}/pool/it's`, "x");
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
    // lftp knows no entity of it.
    "./it%27s",
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

Deno.test("shownEntries() puts directories first, each part in order of names behind all else", () => {
  const listed = ["z", "Dir", "b", "a", ".hidden", "dir", "é", "B"].map((name, index) => ({
    name,
    path: `/${name}`,
    type: name.toLowerCase() === "dir" ? "directory" as const : "file" as const,
    size: name === "b" ? 2 : 1,
    modTime: index < 4 ? index : null,
  }));
  const namesBy = (sort: string): string =>
    shownEntries(listed, "/", null, { sort, page: 1 }).entries.map(({ name }) => name).join(" ");
  assertEquals(namesBy(""), "Dir dir B a b z é");
  assertEquals(namesBy("size"), "Dir dir b B a z é");
  assertEquals(namesBy("date"), "Dir dir a b B z é");
});

Deno.test("a directory of 10 000 names is below 200 kB with gzip, and says what it leaves out", async () => {
  const entries = manyEntries(10_000);
  const site = new Site({
    config: { directories: "list", gzip: true },
    repository: {
      ...repositoryDisk,
      lookup: (_root, path) =>
        Promise.resolve({ type: path === "/pool" ? "directory" : "missing", path }),
      list: () => Promise.resolve(entries),
    },
    files: [indexedFile(entries[0]!.path)],
  });
  const headers = { "Accept": "text/html", "Accept-Encoding": "gzip" };
  const response = await site.get("/pool/", { headers });
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert(bytes.length < 200_000, `${bytes.length} bytes`);
  const again = await site.get("/pool/", { headers });
  assertEquals(again.headers.get("Content-Encoding"), "gzip");
  assertEquals(new Uint8Array(await again.arrayBuffer()), bytes);
  const text = gunzipSync(bytes).toString();
  for (const { name } of entries) assertStringIncludes(text, `<a href="./${name}">${name}</a>`);
  // A script of its own makes the links to the mirrors of each; without it, a field leads there.
  const script = text.match(/<script>([^]*)<\/script>/)?.[1] ?? "";
  assertStringIncludes(script, "?mirrorlist");
  const policy = response.headers.get("Content-Security-Policy")!;
  const hash = createHash("sha256").update(script).digest("base64");
  assertStringIncludes(policy, `script-src 'sha256-${hash}'`);
  assertMatch(text, /<input name="mirrorlist" required/);
  const { name } = entries[0]!;
  const moved = await site.get(`/pool/?mirrorlist=${encodeURIComponent(name)}&lang=de`);
  assertEquals(
    [moved.status, moved.headers.get("Location")],
    [301, `/pool/${encodePath(name)}?mirrorlist&lang=de`],
  );
  assert((await site.get(moved.headers.get("Location")!)).status !== 404);
  for (const other of ["..", ".", "a/b", ""]) {
    assertEquals(
      (await site.get(`/pool/?mirrorlist=${encodeURIComponent(other)}`)).status,
      503,
      other,
    );
  }
});

/** Files as a pool of packages has them: names, sizes and times that do not repeat. */
function manyEntries(count: number): DirectoryEntry[] {
  const random = seededRandom(5);
  const below = (most: number): number => Math.floor(random() * most);
  const words =
    "lib gtk perl python3 ruby node golang rust haskell ocaml kde gnome qt x11 doc dev common utils data plugin core json xml http ssl crypto image font text parser client server proxy cache tools extra mesa video audio net db sql"
      .split(" ");
  const word = (): string => words[below(words.length)]!;
  const names = new Set<string>();
  while (names.size < count) {
    const version = `${below(9)}.${below(20)}.${below(30)}-${below(9)}`;
    names.add(`${word()}-${word()}${below(9)}-${word()}_${version}_amd64.deb`);
  }
  return [...names].map((name) => ({
    name,
    path: `/pool/${name}`,
    type: "file",
    size: Math.floor(Math.exp(random() * 18)),
    modTime: FILE_TIME - below(60_000_000_000),
  }));
}
