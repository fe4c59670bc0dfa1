import { assert, assertEquals } from "@std/assert";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import { ZsyncHasher } from "../../../lib/scan/zsync_hasher.ts";
import { PieceHasher } from "../../../lib/scan/piece_hasher.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { FILE_TIME, indexedFile, Site, type SiteOptions } from "../fixtures.ts";

const SIZE = 1_100_000;
const PATH = "/d/a.iso";

async function card(site: Site, path = PATH): Promise<string> {
  const html = await (await site.get(`${encodePath(path)}?mirrorlist`)).text();
  return /<section class="card" aria-labelledby="check">.*?<\/section>/s.exec(html)?.[0] ?? "";
}

const linksOf = (html: string): string[] =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, target]) => target!);

/** Commands as somebody reads them, by system. */
function commandsOf(html: string): Record<string, string> {
  const found = html.matchAll(/<dt>(\w+)<\/dt><dd><code[^>]*>(.*?)<\/code>/gs);
  const plain = (text: string): string =>
    text.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return Object.fromEntries([...found].map(([, system, text]) => [system!, plain(text!)]));
}

function siteWith(options: SiteOptions = {}, computed = true): Site {
  const [pieces, zsync] = [new PieceHasher(SIZE, true), new ZsyncHasher(SIZE)];
  pieces.update(new Uint8Array(SIZE));
  zsync.update(new Uint8Array(SIZE));
  const stamp = { path: PATH, size: SIZE, modTime: FILE_TIME, sha256: "ab".repeat(32) };
  const record = { ...stamp, ...pieces.finish(), zsync: zsync.finish() };
  return new Site({
    files: [indexedFile(PATH, { size: SIZE }), indexedFile(`${PATH}.asc`), indexedFile("/small")],
    cold: [indexedFile(`${PATH}.torrent`)],
    pieces: new Map(computed ? [[PATH, record]] : []),
    ...options,
    config: { torrents: true, zsync: true, pieceHashMinSize: 1, ...options.config },
  });
}

Deno.test("the page of a file links to what there is of it, and nothing else", async () => {
  const words = (html: string) => linksOf(html).map((link) => link.replace(PATH, ""));
  const all = ["?sha256", "?md5", "?meta4", "?metalink", "?torrent", "?magnet", "?btih", "?zsync"];
  assertEquals(words(await card(siteWith())), [...all, ".asc", ".torrent"]);
  assertEquals(words(await card(siteWith({}, false))), [...all.slice(0, 4), ".asc", ".torrent"]);
  const off = { torrents: false, zsync: false, metalink: false };
  assertEquals(words(await card(siteWith({ config: off }))), [
    "?sha256",
    "?md5",
    ".asc",
    ".torrent",
  ]);
  assertEquals(linksOf(await card(siteWith(), "/small")), [
    ...["?sha256", "?md5", "?meta4", "?metalink"].map((word) => `/small${word}`),
  ]);
  // While the store is away, the list is still worth having.
  const site = siteWith();
  site.storeError = new StoreUnavailableError("away");
  const bare = siteWith({ files: [indexedFile("/x", { sha256: "", md5: "" })], config: off });
  assertEquals(await card(bare, "/x"), "");
});

Deno.test("the commands check a download in a real shell, whatever its name", async () => {
  await using directory = await tempDir();
  const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const names = [
    "a b.iso",
    'it\'s "q" $(touch x) `y`.iso',
    "-n",
    "100%s.iso",
    "ü&<>;|*?.iso",
    "’.iso",
  ];
  for (const name of names) {
    const file = indexedFile(`/${name}`, { sha256: hash, size: 0 });
    const { Linux: linux, Windows: windows } = commandsOf(
      await card(new Site({ files: [file] }), `/${name}`),
    );
    await Deno.writeTextFile(`${directory.path}/${name}`, "");
    const run = async () =>
      await new Deno.Command("sh", { args: ["-c", linux!], cwd: directory.path }).output();
    assertEquals((await run()).code, 0, linux);
    await Deno.writeTextFile(`${directory.path}/${name}`, "other");
    assert((await run()).code !== 0, linux);
    assertEquals(/-LiteralPath '(?:[^'’]|''|’’)+'\)/.test(windows!), true, windows);
    await Deno.remove(`${directory.path}/${name}`);
  }
  assertEquals([...Deno.readDirSync(directory.path)].length, 0);
  const awkward = indexedFile("/a\nb", { sha256: hash });
  assertEquals(commandsOf(await card(new Site({ files: [awkward] }), "/a\nb")), {});
  const old = indexedFile("/a", { sha256: "", sha1: "ab".repeat(20) });
  const { macOS } = commandsOf(await card(new Site({ files: [old] }), "/a"));
  assertEquals(macOS, `printf '%s  %s\\n' ${"ab".repeat(20)} 'a' | shasum -a 1 -c`);
});

Deno.test("pages of errors lead on", async () => {
  const site = siteWith({
    config: { directories: "list" },
    mirrors: [],
    listed: [{ name: "a.iso", type: "file", path: PATH, size: SIZE, modTime: null }],
  });
  const ask = async (target: string) =>
    linksOf(
      /<section class="error card">.*<\/section>/s.exec(
        await (await site.get(target, { headers: { Accept: "text/html" } })).text(),
      )?.[0] ?? "",
    );
  assertEquals(await ask("/d/nope%20x"), ["/d/", "/"]);
  assertEquals(await ask("/empty/nope"), ["/"]);
  assertEquals(await ask("/nope"), ["/"]);
  for (const word of ["", "?meta4"]) {
    assertEquals(await ask(PATH + word), [`${PATH}?mirrorlist`, "/d/", "/"]);
  }
  const off = siteWith({ config: { directories: "off" } });
  const text = await (await off.get("/nope", { headers: { Accept: "text/html" } })).text();
  assert(!text.includes("Index of"));
});
