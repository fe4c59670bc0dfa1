import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatEmbargo } from "../../../lib/catalog/embargo.ts";
import { formatHold } from "../../../lib/catalog/hold.ts";
import { formatWatched } from "../../../lib/catalog/rollout.ts";
import type { NoteKind } from "../../../lib/store/note_store.ts";
import { FakeStore } from "../../control/fake_services.ts";
import { FILE_TIME, indexedFile, MIRRORS, NOW, Site, type SiteOptions } from "../fixtures.ts";

const FILE = indexedFile("/r/5.0/app.iso");
const FALLBACK = { url: "https://fallback.example/", countryCode: "", continentCode: "" };

function siteWith(
  notes: Readonly<Partial<Record<NoteKind, Readonly<Record<string, string>>>>>,
  options: SiteOptions = {},
): Site {
  const site = new Site({
    files: [FILE, indexedFile("/other.iso")],
    disk: { "/r": { type: "directory", path: "/r" }, "/l": { type: "file", path: FILE.file.path } },
    ...options,
  });
  for (const [kind, texts] of Object.entries(notes)) {
    site.side.receive({
      ...{ type: "notes", kind: kind as NoteKind, fresh: true, removed: [] },
      put: new Map(Object.entries(texts)),
    });
  }
  return site;
}

Deno.test("what is held is 404 in every view, but for some", async () => {
  const networks = ["192.0.2.0/24", "2001:db8::/32"];
  const site = siteWith({ hold: { "/r": formatHold({ networks, since: NOW }) } });
  for (
    const target of [
      ...["/r/5.0/app.iso", "/r/5.0/app.iso?mirrorlist", "/r/5.0/app.iso?sha256", "/l"],
      ...["/r/5.0/app.iso?stats", "/r/5.0/app.iso.meta4", "/r/?mirrors", "/r/5.0/app.iso?rollout"],
      ...["/r/5.0/none", "/r/%ff"],
    ]
  ) assertEquals((await site.get(target)).status, 404, target);
  assertEquals((await site.get("/other.iso")).status, 302);
  for (const from of ["192.0.2.7", "2001:db8::1"]) {
    assertEquals((await site.get("/r/5.0/app.iso", { from })).status, 302, from);
    assertEquals((await site.get("/r/5.0/app.iso?sha256", { from })).status, 200, from);
    assertEquals((await site.get("/l", { from })).status, 302, from);
  }
  assertEquals((await site.get("/r/5.0/app.iso", { from: "192.0.3.7" })).status, 404);
  // Nobody says where they ask from.
  const lie = { headers: { "X-Forwarded-For": "192.0.2.7" } };
  const remote: Deno.Addr = { transport: "tcp", hostname: "203.0.113.1", port: 1 };
  assertEquals((await site.get("/r/5.0/app.iso", { ...lie, remote })).status, 404);
  assertEquals((await site.get("/r/5.0/app.iso?fromip=192.0.2.7&mirrorlist")).status, 404);
  site.side.receive({ type: "notes", kind: "hold", fresh: false, put: new Map(), removed: ["/r"] });
  assertEquals((await site.get("/r/5.0/app.iso")).status, 302);
});

Deno.test("statistics do not tell of what is held, nor do links", async () => {
  const stats = new FakeStore();
  const counts = new Map([[FILE.file.path, 40], ["/other.iso", 4]]);
  stats.files.set("2026-11-22", counts);
  const site = siteWith({}, { stats, config: { publicStats: "all" } });
  const aliases = new Map([["/latest.iso", FILE.file.path]]);
  site.side.receive({ type: "aliases", aliases });
  const files = async (from?: string): Promise<string> =>
    await (await site.get("/?stats&csv=files", from === undefined ? {} : { from })).text();
  const link = async (): Promise<number> => (await site.get("/latest.iso?stats")).status;
  assertStringIncludes(await files(), FILE.file.path);
  assertEquals(await link(), 200);
  const hold = formatHold({ networks: ["192.0.2.0/24"], since: 0 });
  site.side.receive({
    ...{ type: "notes", kind: "hold", fresh: true, removed: [] },
    put: new Map([["/r", hold]]),
  });
  // Neither out of the memory nor anew; whoever gets the file is told no more.
  const shown = "path,downloads\n/other.iso,4\n";
  for (const from of [undefined, "192.0.2.7", undefined]) {
    assertEquals(await files(from), shown, from);
    site.now += 10_000;
  }
  assertEquals(await link(), 404);
  assertEquals((await site.get("/latest.iso?stats", { from: "192.0.2.7" })).status, 200);
});

Deno.test("a hold outlives another configuration, and adds to what is excluded", async () => {
  const site = siteWith({ hold: { "/r/5.0": "not json" } });
  const config = { ...site.side.config, exclude: ["*.tmp"] };
  site.side.receive({ type: "configuration", config });
  site.index(indexedFile("/x.tmp"));
  assertEquals((await site.get("/x.tmp")).status, 404);
  assertEquals((await site.get("/r/5.0/app.iso")).status, 404);
});

const EMBARGO = [{ prefix: "/r/", mirrors: 3, minutes: 60 }];
const waits = (until: number, size = 1000): Record<string, string> => ({
  [FILE.file.path]: formatEmbargo({ size, modTime: FILE_TIME, until }),
});

Deno.test("a file that waits for mirrors is served by the fallbacks", async () => {
  const config = { embargo: EMBARGO, fallbacks: [FALLBACK] };
  const site = siteWith({ embargo: waits(NOW + 1000) }, { config });
  const location = async (path = "/r/5.0/app.iso") =>
    (await site.get(path)).headers.get("Location");
  assertEquals(await location(), "https://fallback.example/r/5.0/app.iso");
  const metalink = await (await site.get("/r/5.0/app.iso?meta4")).text();
  assert(metalink.includes("fallback.example") && !metalink.includes("m1.example"), metalink);
  const json = await site.get("/r/5.0/app.iso", { headers: { Accept: "application/json" } });
  assertStringIncludes(await json.text(), '"ExcludeReason":"Embargo"');
  assert((await location("/other.iso"))?.includes("m1.example"));
  // It is over by itself.
  site.now += 2000;
  assert(!(await location())?.includes("fallback"));
});

Deno.test("without a fallback, whoever has it serves; so does another version", async () => {
  const alone = siteWith({ embargo: waits(NOW + 1000) }, { config: { embargo: EMBARGO } });
  assertEquals((await alone.get("/r/5.0/app.iso")).status, 302);
  const config = { embargo: EMBARGO, fallbacks: [FALLBACK] };
  const other = siteWith({ embargo: waits(NOW + 1000, 999) }, { config });
  assert(!(await other.get("/r/5.0/app.iso")).headers.get("Location")?.includes("fallback"));
  const off = siteWith({ embargo: waits(NOW + 1000) }, { config: { fallbacks: [FALLBACK] } });
  assert(!(await off.get("/r/5.0/app.iso")).headers.get("Location")?.includes("fallback"));
});

Deno.test("a path that stands for the newest leads there, where nothing has its name", async () => {
  const latest = [{ path: "/latest", pattern: "/r/{version}/app.iso", mirrors: 2 }];
  const notes = { "/latest": "/r/5.0/app.iso", "/other.iso": "/r/5.0/app.iso" };
  const site = siteWith({ latest: notes }, { config: { latest } });
  const found = await site.get("/latest?md5&x=%20");
  assertEquals([found.status, found.headers.get("Location"), found.headers.get("Cache-Control")], [
    302,
    "/r/5.0/app.iso?md5&x=%20",
    "max-age=60",
  ]);
  assertEquals((await site.get("/latest")).headers.get("Location"), "/r/5.0/app.iso");
  assertEquals(site.facts.length, 0);
  assert((await site.get("/other.iso")).headers.get("Location")?.startsWith("http"));
  assertEquals((await site.get("/latest2")).status, 404);
  const hold = { "/r/5.0": formatHold({ networks: [], since: 0 }) };
  assertEquals(
    (await siteWith({ latest: notes, hold }, { config: { latest } }).get("/latest")).status,
    404,
  );
  const exclude = ["/latest"];
  const excluded = siteWith({ latest: notes }, { config: { latest, exclude } });
  assertEquals((await excluded.get("/latest")).status, 404);
  assertEquals((await siteWith({ latest: notes }).get("/latest")).status, 404);
});

Deno.test("?rollout tells how far something is, with a curve", async () => {
  const file = { ...FILE, copies: FILE.copies.slice(0, 1) };
  const rollout = {
    [FILE.file.path]: formatWatched({
      ...{ version: `1000 ${FILE_TIME}`, began: NOW, first: [] },
      arrivals: new Map([[1, NOW + 60_000]]),
    }),
  };
  const site = siteWith({ rollout }, { files: [file] });
  const json = await site.get("/r/5.0/app.iso?rollout", {
    headers: { Accept: "application/json" },
  });
  const { Percent, Have, Of, Curve, Mirrors } = await json.json();
  assertEquals([Percent, Have, Of, Curve.length], [25, 1, 4, 2]);
  assertEquals(Mirrors[0].Has, false);
  const page = await site.get("/r/5.0/app.iso?rollout", { headers: { Accept: "text/html" } });
  const text = await page.text();
  assertStringIncludes(text, "1 of 4 mirrors");
  assertStringIncludes(text, '<path d="M0 120H0V120H600V90H600"');
  // Of another version it is no curve.
  site.index({ ...file, file: { ...file.file, size: 7 } });
  const other = await site.get("/r/5.0/app.iso?rollout", {
    headers: { Accept: "application/json" },
  });
  assertEquals((await other.json()).Curve, []);
  const directory = await site.get("/r/?rollout");
  assertStringIncludes(await directory.text(), "0 of 4 mirrors");
});

Deno.test("?rollout counts mirrors as each language does", async () => {
  const sentence = async (mirrors: number, copies: number, lang: string): Promise<string> => {
    const file = { ...FILE, copies: FILE.copies.slice(0, copies) };
    const site = siteWith({}, { files: [file], mirrors: MIRRORS.slice(0, mirrors) });
    const page = await site.get(`/r/5.0/app.iso?rollout&lang=${lang}`, {
      headers: { Accept: "text/html" },
    });
    const [, text = ""] = /aria-label="[^"]*">\s*<p>(.*?)\(/s.exec(await page.text()) ?? [];
    return text.replace(/<[^>]*>/g, "").trim();
  };
  const counted: Readonly<Record<string, readonly string[]>> = {
    en: ["1 of 1 mirror has it", "1 of 4 mirrors has it", "3 of 4 mirrors have it"],
    de: ["1 von 1 Mirror hat sie", "1 von 4 Mirrors hat sie", "3 von 4 Mirrors haben sie"],
    es: ["1 de 1 réplica lo tiene", "1 de 4 réplicas lo tiene", "3 de 4 réplicas lo tienen"],
    fr: ["1 sur 1 miroir l’a", "1 sur 4 miroirs l’a", "3 sur 4 miroirs l’ont"],
    pt: ["1 de 1 espelho o tem", "1 de 4 espelhos o tem", "3 de 4 espelhos o têm"],
    ru: ["Есть у 1 из 1 зеркала", "Есть у 1 из 4 зеркал", "Есть у 3 из 4 зеркал"],
    ar: ["المرايا التي تملكه: 1 من 1", "المرايا التي تملكه: 1 من 4", "المرايا التي تملكه: 3 من 4"],
  };
  for (const [lang, texts] of Object.entries(counted)) {
    assertEquals(
      [await sentence(1, 1, lang), await sentence(4, 1, lang), await sentence(4, 3, lang)],
      texts,
    );
  }
});

Deno.test("?rollout tells nothing of mirrors that are for their own networks only", async () => {
  const rollout = {
    [FILE.file.path]: formatWatched({
      ...{ version: `1000 ${FILE_TIME}`, began: NOW, first: [2, 4] },
      arrivals: new Map([[1, NOW + 60_000], [3, NOW + 120_000]]),
    }),
  };
  const mirrors = MIRRORS.map((mirror) => ({ ...mirror, networksOnly: mirror.id > 2 }));
  const site = siteWith({ rollout }, { mirrors });
  const json = await site.get("/r/5.0/app.iso?rollout", {
    headers: { Accept: "application/json" },
  });
  const { Of, Curve } = await json.json();
  const have = (Curve as readonly { readonly Have: number }[]).map(({ Have }) => Have);
  assertEquals([Of, have], [2, [1, 2]]);
});
