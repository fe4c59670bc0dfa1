import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { nearestNames } from "../../../lib/http/answer/nearest_names.ts";
import type { DirectoryEntry, Repository } from "../../../lib/http/request/repository.ts";
import { indexedFile, Site, type SiteOptions } from "../fixtures.ts";

const BROWSER = { headers: { Accept: "text/html" } };

/** A disk that has these files, and remembers which directories were listed. */
function diskOf(paths: readonly string[]): Repository & { readonly listed: string[] } {
  const listed: string[] = [];
  const list = (_root: string, directory: string): Promise<DirectoryEntry[]> => {
    listed.push(directory);
    const base = directory === "/" ? "/" : `${directory}/`;
    const names = new Map<string, DirectoryEntry["type"]>();
    for (const path of paths) {
      if (!path.startsWith(base)) continue;
      const [name = "", ...below] = path.slice(base.length).split("/");
      names.set(name, below.length > 0 ? "directory" : "file");
    }
    return Promise.resolve(
      [...names].map(([name, type]) => ({ name, type, path: base + name, size: 1, modTime: null })),
    );
  };
  return {
    listed,
    list,
    read: () => Promise.resolve(null),
    namesTime: () => Promise.resolve(null),
    open: () => Promise.resolve("missing"),
    lookup: (_root, path) => Promise.resolve({ type: "missing", path }),
    oddNames: () => Promise.resolve(new Map()),
  };
}

function siteOf(paths: readonly string[], options: SiteOptions = {}): Site {
  return new Site({
    files: paths.map((path) => indexedFile(path)),
    repository: diskOf(paths),
    ...options,
  });
}

async function meant(site: Site, target: string): Promise<string[]> {
  const response = await site.get(target, BROWSER);
  assertEquals(response.status, 404);
  const [, list = ""] = /<ul class="similar">(.*?)<\/ul>/s.exec(await response.text()) ?? [];
  return [...list.matchAll(/href="([^"]*)"/g)].map(([, link]) => link!);
}

Deno.test("a page of what is not there names what may have been meant", async () => {
  const paths = [
    "/pool/1.1/debian-1.1-amd64.iso",
    "/pool/1.1/debian-1.1-arm64.iso",
    "/pool/1.1/other.txt",
    "/pool/1.2/debian-1.2-amd64.iso",
    "/pool/1.2/notes & more.txt",
    "/README",
  ];
  const site = siteOf(paths);
  assertEquals(await meant(site, "/pool/1.1/debian-1.1-amd46.iso"), [
    "/pool/1.1/debian-1.1-amd64.iso",
    "/pool/1.1/debian-1.1-arm64.iso",
  ]);
  // The same name in a directory beside its own.
  assertEquals(await meant(site, "/pool/1.1/notes%20&%20more.txt"), [
    "/pool/1.2/notes%20&amp;%20more.txt",
  ]);
  assertEquals(await meant(site, "/pol/1.2/debian-1.2-amd64.iso"), [
    "/pool/1.2/debian-1.2-amd64.iso",
  ]);
  assertEquals(await meant(site, "/readme"), ["/README"]);
  assertEquals(await meant(site, "/something/else"), []);
  assertEquals(await meant(site, "/readme?lang=en"), ["/README?lang=en"]);
});

Deno.test("the directory above is the nearest that is there", async () => {
  const paths = ["/pool/1.1/a.iso", "/private/b.iso"];
  const disk = diskOf(paths);
  const repository: Repository = {
    ...disk,
    // A link to what is as if it were not there.
    list: (root, path) => disk.list(root, path === "/link" ? "/private" : path),
  };
  const config = { directories: "list", exclude: ["/private"] } as const;
  const site = siteOf(paths, { repository, config });
  const links = async (target: string): Promise<string[]> => {
    const html = await (await site.get(target, BROWSER)).text();
    const [, list = ""] = /<ul class="links">(.*?)<\/ul>/s.exec(html) ?? [];
    return [...list.matchAll(/href="([^"]*)"/g)].map(([, link]) => link!);
  };
  assertEquals(await links("/pool/1.1/nothing"), ["/pool/1.1/", "/"]);
  assertEquals(await links("/pool/1.2/nothing"), ["/pool/", "/"]);
  assertEquals(await links("/nothing/at/all"), ["/"]);
  assertEquals(await links("/private/nothing"), ["/"]);
  assertEquals(await links("/link/nothing"), ["/"]);
  assertEquals(await links("/a/b/c/d/e/f/g"), ["/"]);
});

Deno.test("nothing is suggested that is not in the index, or as if it were not there", async () => {
  const paths = ["/a/one.iso", "/a/one.tmp", "/a/two.iso"];
  const repository = diskOf([...paths, "/a/onx.iso"]);
  const site = siteOf(paths, { repository, config: { exclude: ["*.tmp"] } });
  assertEquals(await meant(site, "/a/on.iso"), ["/a/one.iso"]);
});

Deno.test("only browsers are helped, and a search looks at little", async () => {
  const many = Array.from({ length: 300 }, (_, index) => `/pool/${index}/file-${index}.iso`);
  const repository = diskOf(many);
  const site = siteOf(many, { repository });
  await site.get("/pool/7/file-8.iso");
  assertEquals(repository.listed, []);
  const before = site.lookups.length;
  await meant(site, "/pool/7/nothing.iso");
  assert(site.lookups.length - before <= 62, `${site.lookups.length - before} lookups`);
  assert(repository.listed.length <= 4, `${repository.listed.length} directories`);
  const deep = `/${"a/".repeat(490)}x`;
  repository.listed.length = 0;
  await meant(site, deep);
  assert(repository.listed.length <= 4);
});

Deno.test("those who come while others search are told without", async () => {
  const paths = ["/a/one.iso"];
  const repository = diskOf(paths);
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => go = resolve);
  const { list } = repository;
  const slow = {
    ...repository,
    list: (root: string, path: string) => gate.then(() => list(root, path)),
  };
  const site = siteOf(paths, { repository: slow });
  const first = ["/a/on.iso", "/b/on.iso"].map((path) => site.get(path, BROWSER));
  assertEquals(await meant(site, "/a/onee.iso"), []);
  go();
  assertStringIncludes(await (await first[0]!).text(), "/a/one.iso");
  await (await first[1]!).body?.cancel();
  assertEquals(await meant(site, "/a/onee.iso"), ["/a/one.iso"]);
});

Deno.test("a page of what is not there comes though the disk or the store fails", async () => {
  const repository = diskOf([]);
  const failing = { ...repository, list: () => Promise.reject(new Error("I/O error")) };
  assertEquals(await meant(siteOf([], { repository: failing }), "/a/b"), []);
});

Deno.test("nearestNames() puts the most alike first, and leaves out what is not", () => {
  const names = ["file-1.1.iso", "file-1.2.iso", "FILE-1.3.ISO", "zzz", "file-1.3.iso"];
  assertEquals(nearestNames("file-1.3.iso", names), [
    "FILE-1.3.ISO",
    "file-1.1.iso",
    "file-1.2.iso",
  ]);
  assertEquals(nearestNames("1.3", ["zzz", "1.2"], true), ["1.2", "zzz"]);
  assertEquals(nearestNames("", ["a"]), []);
  const many = Array.from({ length: 1000 }, (_, index) => `name-${index}`);
  assertEquals(nearestNames("name-", many).length, 20);
});

/** Pairs of letters in common, written down as it is defined. */
function likeness(a: string, b: string): number {
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
  const [own, other] = [pairs(a.toLowerCase()), pairs(b.toLowerCase())];
  const total = own.length + other.length;
  let common = 0;
  for (const pair of own) {
    const place = other.indexOf(pair);
    if (place < 0) continue;
    common++;
    other.splice(place, 1);
  }
  return total === 0 ? 0 : 2 * common / total;
}

Deno.test("nearestNames() orders any names by the pairs that they have in common", () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."abAB1-."), maxLength: 12 }),
    fc.string(),
  );
  fc.assert(fc.property(name, fc.array(name, { maxLength: 15 }), (wanted, names) => {
    const others = names.filter((one) => one !== wanted);
    const sorted = others.map((one) => [likeness(wanted, one), one] as const)
      .sort(([a, first], [b, second]) => b - a || (first < second ? -1 : 1));
    assertEquals(nearestNames(wanted, names, true), sorted.map(([, one]) => one));
  }));
});
