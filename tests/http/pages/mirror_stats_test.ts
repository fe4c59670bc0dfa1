import { assert, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../../lib/catalog/mirror_state.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { MIRRORS, NOW, Site } from "../fixtures.ts";
import { tablesOf } from "./tables_of.ts";

const MINUTE = 60_000;

const COUNTS = new Map([
  [2, { downloads: 1234, bytes: 5 * 2 ** 30 }],
  [3, { downloads: 1, bytes: 512 }],
  [99, { downloads: 7, bytes: 7 }],
]);

/** A mirror of each condition, with trace files of different ages. */
const STATES = [
  { httpUp: true, lastModTime: NOW - 5 * MINUTE },
  { httpUp: true, lastModTime: NOW, timeZoneOffset: -90 * MINUTE },
  { enabled: false, lastModTime: NOW - 72 * 60 * MINUTE },
  { httpUp: false, httpsUp: true },
];

function site(): Site {
  const mirrors = MIRRORS.map((mirror, index) => ({ ...mirror, ...STATES[index] }));
  return new Site({ mirrors, counts: COUNTS });
}

async function page(site: Site): Promise<string> {
  const response = await site.get("/?mirrorstats");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("Content-Type"), "text/html; charset=utf-8");
  return await response.text();
}

Deno.test("renderMirrorStats() shows every mirror, the most used first", async () => {
  const [table, ...more] = tablesOf(await page(site()));
  assertEquals(table, [
    ["Mirror", "State", "Downloads", "Transferred", "Last update", "Time-zone correction", "Rank"],
    ["m2", "up", "1,234", "5.0 GiB", "up-to-date", "-1 h 30 min", "1"],
    ["m3", "disabled", "1", "512 bytes", "3 days ago stale", "none", "2"],
    ["m1", "up", "0", "0 bytes", "5 minutes ago", "none", "3"],
    ["m4", "partly up", "0", "0 bytes", "unknown", "none", "3"],
  ]);
  assertEquals(more, []);
});

Deno.test("renderMirrorStats() shows the numbers of the JSON", async () => {
  const both = site();
  const html = await page(both);
  const response = await both.get("/any/path?mirrorstats", {
    headers: { Accept: "application/json" },
  });
  assertEquals(response.headers.get("Content-Type"), "application/json; charset=utf-8");
  const json = await response.json();
  assertEquals([json.Day, json.Downloads, json.Bytes], ["2026-11-22", 1235, 5 * 2 ** 30 + 512]);
  const values = [...html.matchAll(/<data value="(\d+)"/g)].map(([, value]) => Number(value));
  const mirrors: Record<string, unknown>[] = json.Mirrors;
  assertEquals(values, [
    json.Downloads,
    json.Bytes,
    ...mirrors.flatMap(({ Downloads, Bytes }) => [Downloads, Bytes]),
  ]);
  const rows = tablesOf(html)[0]!.slice(1);
  assertEquals(
    rows.map((row) => [row[0], row[1], row[4]!.replace(/ (stale|outdated)$/, "")]),
    mirrors.map(({ Name, State, LastUpdate }) => [Name, State, LastUpdate]),
  );
  assertEquals(mirrors.map(({ TimeZoneOffset }) => TimeZoneOffset), [-5400, 0, 0, 0]);
});

Deno.test("renderMirrorStats() colours the map by state, and never by colour alone", async () => {
  const html = await page(site());
  const kinds = [
    ...html.matchAll(/<a href="#m(\d)" class="pin state (\w+)"[^>]*><title>(.*?)<\/title>/g),
  ]
    .map(([, id, kind, title]) => [id, kind, title]).sort();
  assertEquals(kinds, [
    ["1", "good", "m1: up"],
    ["2", "good", "m2: up"],
    ["3", "off", "m3: disabled"],
    ["4", "partial", "m4: partly up"],
  ]);
});

Deno.test("renderMirrorStats() is well before any download, and without mirrors", async () => {
  const idle = await page(new Site());
  assert(!/NaN|Infinity|undefined/.test(idle.replace(/<script>.*?<\/script>/s, "")), "NaN");
  assertEquals(tablesOf(idle)[0]?.[0]?.length, 6);
  const empty = await page(new Site({ mirrors: [] }));
  assert(empty.includes("There are no mirrors yet"));
});

Deno.test("renderMirrorStats() tells how old a mirror is by its listing, without a trace file", async () => {
  const counts = { current: 1, older: 1, size: 0, newer: 0, missing: 0, foreign: 0 };
  const scanned = (behindSince: number | null): Partial<MirrorRecord> => ({
    lastModTime: null,
    lastSuccessfulSync: NOW,
    scanNumbers: { ...counts, behindSince, scan: NOW },
  });
  const states = [
    scanned(NOW - 3 * 60 * MINUTE),
    scanned(null),
    scanned(NOW - 49 * 60 * MINUTE),
    { ...scanned(NOW - 800 * 60 * MINUTE), lastModTime: NOW - 5 * MINUTE },
  ];
  const mirrors = MIRRORS.map((mirror, index) => ({ ...mirror, ...states[index] }));
  const ages = async (staleAfter: number): Promise<unknown> => {
    const [table] = tablesOf(await page(new Site({ mirrors, config: { staleAfter } })));
    return table!.slice(1).map((row) => row[4]);
  };
  const fresh = "5 minutes ago";
  assertEquals(await ages(2880), ["3 hours ago", "up-to-date", "2 days ago stale", fresh]);
  assertEquals(await ages(120), ["3 hours ago stale", "up-to-date", "2 days ago stale", fresh]);
});

Deno.test("renderMirrorStats() shows what is remembered while the store is away", async () => {
  const both = site();
  await page(both);
  both.now += 5 * MINUTE;
  const away = both.now - MINUTE;
  both.storeError = new StoreUnavailableError("Away");
  both.side.receive({ type: "trouble", trouble: null, but: "the store cannot be reached", away });
  const html = await page(both);
  const text = html.replaceAll(/<[^>]*>/g, "");
  assert(text.includes("as of 15:08:05 UTC, downloads as of 15:04:05 UTC."), text);
  assertEquals(tablesOf(html)[0]![1]!.slice(0, 4), ["m2", "up", "1,234", "5.0 GiB"]);
  const json = await (await both.get("/?mirrorstats", { headers: { Accept: "application/json" } }))
    .json();
  const times = [json.AsOf, json.CountedAsOf];
  assertEquals(times, ["2026-11-22T15:08:05.678Z", "2026-11-22T15:04:05.678Z"]);
  assertEquals(json.Downloads, 1235);

  // Whom nobody asked before knows no counts.
  const cold = site();
  cold.storeError = new StoreUnavailableError("Away");
  cold.side.receive({ type: "trouble", trouble: null, but: "the store cannot be reached", away });
  const blank = await page(cold);
  assert(blank.replaceAll(/<[^>]*>/g, "").includes("downloads are not known."));
  const [, first] = tablesOf(blank)[0]!;
  assertEquals(first!.slice(0, 4), ["m1", "up", "unknown", "unknown"]);
  const counts =
    await (await cold.get("/?mirrorstats", { headers: { Accept: "application/json" } }))
      .json();
  assertEquals([counts.Downloads, counts.Mirrors[0].Bytes], [null, null]);
});

Deno.test("renderMirrorStats() gives way to 503 while the store is away and nothing is known", async () => {
  const away = new Site({ mirrors: [], storeError: new StoreUnavailableError("Away") });
  const response = await away.get("/?mirrorstats");
  assertEquals([response.status, response.headers.get("Retry-After")], [503, "30"]);
  await response.body?.cancel();
});
