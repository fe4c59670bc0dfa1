import { assertEquals } from "@std/assert";
import type { IndexedFile } from "../../../lib/catalog/file.ts";
import { READY_SETS } from "../../../lib/catalog/set_rule.ts";
import { formatHistory, formatStanding, standingName } from "../../../lib/catalog/set_state.ts";
import { FILE_TIME, indexedFile, NOW, Site, type SiteOptions } from "../fixtures.ts";

const ROOT = "/r/repodata/repomd.xml";
const OTHER = "/r/repodata/comps.xml";
const HOUR = 3_600_000;

/** Of three revisions, the third is the present one; each an hour after the one before. */
const REVISIONS = [1, 2, 3].map((number) => ({
  ...{ number, size: number * 1000, modTime: FILE_TIME + number * 1000 },
  ...{ sha256: `${number}`.repeat(64), time: NOW - (4 - number) * HOUR },
}));

const formerUpTo = (last: number) =>
  new Map([[
    ROOT,
    Array.from({ length: last }, (_, i) => ({
      ...{ until: i + 2, size: (i + 1) * 1000, modTime: FILE_TIME + (i + 1) * 1000 },
    })),
  ]]);

type Standings = Readonly<Record<number, number | null>>;

/** The root as it is now; each mirror has what it is whole at. */
function rootFile(standings: Standings, present = 3): IndexedFile {
  const version = (number: number) => ({
    ...{ size: number * 1000, modTime: FILE_TIME + number * 1000 },
  });
  const { file } = indexedFile(ROOT, {
    ...version(present),
    sha256: `${present}`.repeat(64),
    md5: "",
  });
  const copies = Object.entries(standings).map(([id, number]) => ({
    mirrorId: Number(id),
    ...version(number ?? present),
  }));
  return { file, copies };
}

function siteOf(
  standings: Standings,
  { file = rootFile(standings), required = false, ...options }:
    & SiteOptions
    & { file?: IndexedFile; required?: boolean } = {},
): Site {
  // Before the index has a new version, the one until then is noted.
  const former = formerUpTo(file.file.size / 1000 - 1);
  const site = new Site({
    files: [file, indexedFile(OTHER)],
    ...options,
    config: { metadataSets: READY_SETS.rpm!, ...options.config },
  });
  const note = (kind: "set" | "set_mirror" | "require", put: ReadonlyMap<string, string>): void =>
    site.side.receive({ type: "notes", kind, fresh: true, put, removed: [] });
  site.side.receive({ type: "salt", salt: "0123456789abcdef" });
  note("require", new Map(required ? [[ROOT, `${NOW + HOUR}`]] : []));
  note("set", new Map([[ROOT, formatHistory({ revisions: REVISIONS, former })]]));
  const standing = (whole: number | null) =>
    formatStanding({ seen: whole, whole, unsteady: false, time: NOW });
  note(
    "set_mirror",
    new Map(
      Object.entries(standings).map((
        [id, whole],
      ) => [standingName(Number(id), ROOT), standing(whole)]),
    ),
  );
  return site;
}

/** The main hash, the alternates and the mirrors, each by its number. */
async function told(site: Site) {
  const response = await site.get(`${ROOT}?metalink`);
  const text = await response.text();
  const hashes = [...text.matchAll(/<hash type="sha256">(\d)/g)].map(([, digit]) => Number(digit));
  const mirrors = [...text.matchAll(/\/\/m(\d)\./g)].map(([, digit]) => Number(digit));
  return { status: response.status, hashes, mirrors };
}

Deno.test("a metalink of the root of a set names who is whole, the newest revision first", async () => {
  assertEquals(await told(siteOf({ 1: 2, 2: 1, 3: 3, 4: 2 })), {
    ...{ status: 200, hashes: [3, 2, 1], mirrors: [3, 1, 4, 2] },
  });
});

Deno.test("who is in the middle of a sync is not named, though its root is the present one", async () => {
  assertEquals((await told(siteOf({ 1: null, 2: 3, 3: 2 }))).mirrors, [2, 3]);
  // It is better than nobody.
  assertEquals(await told(siteOf({ 1: null })), { status: 200, hashes: [3, 2, 1], mirrors: [1] });
});

Deno.test("a revision that may not be served is no alternate, and its mirrors are not named", async () => {
  const standings = { 1: 1, 2: 2, 3: 3 };
  const required = await told(siteOf(standings, { required: true }));
  assertEquals(required, { status: 200, hashes: [3], mirrors: [3] });
  const [rule] = READY_SETS.rpm!;
  const config = { metadataSets: [{ ...rule!, maxBehind: 90 }] };
  assertEquals(await told(siteOf(standings, { config })), {
    ...{ status: 200, hashes: [3, 2], mirrors: [3, 2] },
  });
  assertEquals(await told(siteOf(standings, { config: { metalinkAlternates: 0 } })), {
    ...{ status: 200, hashes: [3], mirrors: [3] },
  });
});

Deno.test("until a change has settled, the former revision is an alternate like others", async () => {
  const standings = { 1: 3, 2: 2 };
  assertEquals(await told(siteOf(standings, { file: rootFile(standings, 4) })), {
    ...{ status: 200, hashes: [4, 3, 2, 1], mirrors: [1, 2] },
  });
});

Deno.test("the hash of a root is known where Hashes leaves it out", async () => {
  const file = rootFile({ 1: 3 });
  const bare = { ...file, file: { ...file.file, sha256: "" } };
  assertEquals((await told(siteOf({ 1: 3 }, { file: bare }))).hashes, [3, 2, 1]);
});

Deno.test("a set never makes a 503 of the documents of its files", async () => {
  const site = siteOf({ 1: null, 2: null, 3: null, 4: null });
  assertEquals((await site.get(OTHER)).status, 302);
  const text = await (await site.get(`${OTHER}?meta4`)).text();
  assertEquals(text.match(/<url /g)?.length, 4);
  const behind = siteOf({ 1: 2, 2: 3, 3: 3, 4: null });
  const some = await (await behind.get(`${OTHER}?meta4`)).text();
  assertEquals(some.match(/\/\/m\d/g)?.toSorted(), ["//m2", "//m3"]);
});
