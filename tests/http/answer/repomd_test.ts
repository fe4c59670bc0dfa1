import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FileRevision } from "../../../lib/catalog/file_revision.ts";
import { validRevisions } from "../../../lib/http/request/valid_revisions.ts";
import { fakeFile } from "../../support/fake_store.ts";
import { FILE_TIME, indexedFile, MIRRORS, NOW, Site, type SiteOptions } from "../fixtures.ts";

const SE = "89.160.20.112";
const PATH = "/r/repodata/repomd.xml";
const DAY = 24 * 60 * 60 * 1000;

function former(hash: string, values: Partial<FileRevision> = {}): FileRevision {
  const version = { size: 900, modTime: FILE_TIME - DAY, sha256: hash.repeat(32) };
  return { ...version, sha1: "", md5: "", replaced: NOW - DAY, ...values };
}

/** The second mirror has the present one, the first and the third former ones. */
function siteOf(revisions: readonly FileRevision[], options: SiteOptions = {}): Site {
  const { file } = indexedFile(PATH);
  const version = (
    mirrorId: number,
    { size, modTime }: Pick<FileRevision, "size" | "modTime">,
  ) => ({
    ...{ mirrorId, size, modTime },
  });
  const copies = [
    version(1, revisions[1] ?? former("22")),
    version(2, file),
    version(3, revisions[0] ?? former("11")),
  ];
  return new Site({
    files: [{ file, copies }],
    revisions: new Map([[PATH, revisions]]),
    ...options,
  });
}

const urls = (xml: string): string[] =>
  [...xml.matchAll(/http:\/\/(\w+)\.example\S*?repomd\.xml</g)].map(([, name]) => name!);

Deno.test("the metalink of a repomd.xml lists former versions, and their mirrors last", async () => {
  const revisions = [former("11"), former("22", { size: 800, modTime: FILE_TIME - 2 * DAY })];
  const site = siteOf(revisions);
  const xml = await (await site.get(`${PATH}?metalink`, { from: SE })).text();
  assertEquals(urls(xml), ["m2", "m3", "m1"]);
  const main = xml.slice(0, xml.indexOf("<mm0:alternates>"));
  assertStringIncludes(main, `<hash type="sha256">${"ab".repeat(32)}</hash>`);
  const seconds = Math.floor((FILE_TIME - DAY) / 1000);
  assertStringIncludes(
    xml,
    `      <mm0:alternates>
        <mm0:alternate>
          <mm0:timestamp>${seconds}</mm0:timestamp>
          <size>900</size>
          <verification>
            <hash type="sha256">${"11".repeat(32)}</hash>
          </verification>
        </mm0:alternate>
        <mm0:alternate>`,
  );
  assert(xml.indexOf("</mm0:alternates>") < xml.indexOf("<resources "));
  assertEquals(xml.match(/preference="\d+"/g), ["100", "99", "98"].map((n) => `preference="${n}"`));
  // Version 4 has no words for it.
  const four = await (await site.get(`${PATH}?meta4`, { from: SE })).text();
  assertEquals([urls(four), four.includes("alternate")], [["m2"], false]);
});

Deno.test("former versions that are too old, or none, are not listed", async () => {
  const old = siteOf([former("11", { replaced: NOW - 5 * DAY })]);
  const xml = await (await old.get(`${PATH}?metalink`, { from: SE })).text();
  assertEquals([urls(xml), xml.includes("mm0:alternate>")], [["m2"], false]);
  const off = siteOf([former("11")], { config: { metalinkAlternates: 0 } });
  assertEquals(urls(await (await off.get(`${PATH}?metalink`, { from: SE })).text()), ["m2"]);
});

Deno.test("without a mirror that has the present one, fallbacks come after the former ones", async () => {
  const fallbacks = [{ url: "http://back.example/", countryCode: "", continentCode: "" }];
  const [, , ...rest] = MIRRORS;
  const site = siteOf([former("11")], { config: { fallbacks }, mirrors: rest });
  assertEquals(urls(await (await site.get(`${PATH}?metalink`)).text()), ["m3", "back"]);
  const none = siteOf([former("11")], { mirrors: rest });
  assertEquals(urls(await (await none.get(`${PATH}?metalink`)).text()), ["m3"]);
  assertEquals((await siteOf([], { mirrors: [] }).get(`${PATH}?metalink`)).status, 503);
});

Deno.test("a repomd.xml without a hash has no metalink that DNF would believe", async () => {
  const files = [indexedFile(PATH, { sha256: "", md5: "" })];
  const site = siteOf([], { files });
  assertEquals((await site.get(`${PATH}?metalink`)).status, 503);
  assertEquals((await site.get(`${PATH}?meta4`)).status, 200);
});

Deno.test("validRevisions() is MirrorManager's rule", () => {
  const file = fakeFile(PATH, { modTime: NOW - DAY, sha256: "aa" });
  const at = (days: number, sha256: string) => former("", { replaced: NOW - days * DAY, sha256 });
  const names = (days: number, ...revisions: FileRevision[]) =>
    validRevisions(file, revisions, days, NOW).map(({ sha256 }) => sha256);
  assertEquals(names(4, at(1, "b"), at(4, "c"), at(4.1, "d")), ["b", "c"]);
  assertEquals(names(4, at(9, "b"), at(10, "c")), ["b"]);
  assertEquals(names(2, at(9, "b")), []);
  assertEquals(names(4, at(1, "aa"), at(2, "b"), at(3, "b")), ["b"]);
  assertEquals(names(0, at(1, "b")), []);
});

Deno.test("the metalink of a repomd.xml by Accept is that of the query, and counts", async () => {
  const headers = { Accept: "application/metalink+xml" };
  const config = { metalinkNegotiation: true };
  const site = siteOf([former("11")], { config });
  const asked = await site.get(`${PATH}?metalink`, { from: SE });
  assertEquals(site.facts.length, 0);
  const response = await site.get(PATH, { from: SE, headers });
  assertEquals([response.status, response.headers.get("Vary")], [200, "Accept"]);
  assertEquals(await response.text(), await asked.text());
  const [fact] = site.facts;
  assertEquals([fact?.type, fact?.download, fact?.candidate?.mirror.name], [
    ...["METALINK", "whole", "m2"],
  ]);
  const { file, copies } = indexedFile(PATH);
  const bare = { file: { ...file, sha256: "", sha1: "", md5: "" }, copies };
  const unsafe = siteOf([former("11")], { config, files: [bare] });
  assertEquals((await unsafe.get(PATH, { from: SE, headers })).status, 503);
  assertEquals([unsafe.facts[0]?.status, unsafe.facts[0]?.download], [503, "none"]);
});
