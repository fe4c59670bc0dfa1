import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { MirrorEvent } from "../../../lib/catalog/mirror_event.ts";
import { FakeStore } from "../../control/fake_services.ts";
import { MIRRORS, NOW, Site } from "../fixtures.ts";
import { tablesOf } from "./tables_of.ts";

const HOUR = 3_600_000;

const EVENTS: readonly MirrorEvent[] = [
  { type: "added", mirrorId: 2, time: NOW - 60 * HOUR },
  { type: "state", mirrorId: 2, time: NOW - 48 * HOUR, protocol: "http", up: true, reason: "" },
  { type: "error", mirrorId: 2, time: NOW - 40 * HOUR, message: "secret error" },
  { type: "note", mirrorId: 2, time: NOW - 40 * HOUR, text: "secret note" },
  {
    ...{ type: "state", mirrorId: 2, time: NOW - 30 * HOUR, protocol: "http", up: false },
    reason: "secret reason",
  },
  { type: "state", mirrorId: 2, time: NOW - 24 * HOUR, protocol: "http", up: true, reason: "" },
  {
    ...{ type: "downtime", mirrorId: 2, time: NOW - HOUR, step: "planned", from: NOW + HOUR },
    ...{ until: null, reason: "secret plan" },
  },
];

function site(): Site {
  const store = new FakeStore();
  const count = (downloads: number, bytes: number) => ({ downloads, bytes });
  store.counts.set(
    "2026-11-22",
    new Map([[2, count(7, 70)], [1, count(9, 90)], [99, count(50, 1)]]),
  );
  store.counts.set("2026-11-21", new Map([[2, count(4, 40)]]));
  store.counts.set("2026-11", new Map([[2, count(11, 110)], [1, count(9, 90)]]));
  store.counts.set("2026", new Map([[2, count(1234, 5 * 2 ** 30)]]));
  store.counts.set("", new Map([[2, count(5678, 6 * 2 ** 30)]]));
  store.allEvents.push(...EVENTS);
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id === 3
      ? { ...mirror, networksOnly: true }
      : { ...mirror, lastModTime: NOW - 5 * 60_000 }
  );
  return new Site({ mirrors, stats: store });
}

Deno.test("a mirror has a page of its own: traffic, ranks, uptime, events in public words", async () => {
  const response = await site().get("/?mirrorstats=m2");
  assertEquals(response.status, 200);
  const html = await response.text();
  const text = html.replaceAll(/<(style|script)>.*?<\/\1>/gs, "").replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
  for (
    const said of [
      ...["Today 7 70 bytes", "This month 11 110 bytes", "This year 1,234 5.0 GiB"],
      ...["In all 5,678 6.0 GiB", "2 today, 1 this month, of 3", "5 minutes ago"],
      ...["Most: 7, 22 November 2026", "Reachable in the last 90 days"],
      ...["Maintenance planned for 22 Nov 2026, 16:04 UTC", "Cannot be reached by HTTP"],
      "Became a mirror",
    ]
  ) assertStringIncludes(text, said);
  assert(!text.includes("secret"), text);
  assert(!/NaN|undefined|Infinity/.test(text), text);
  assertEquals(html.match(/<rect class="(?:good|partial|bad|off)"/g)?.length, 90);
  const months = tablesOf(html)[0]!;
  assertEquals([months.length, months[1]], [13, ["November 2026", "11", "110 bytes"]]);
});

Deno.test("the page of a mirror has the figures of its JSON", async () => {
  const headers = { accept: "application/json" };
  const json = await (await site().get("/?mirrorstats=m2", { headers })).json();
  assertEquals(json.Counts, {
    Today: { Downloads: 7, Bytes: 70 },
    Month: { Downloads: 11, Bytes: 110 },
    Year: { Downloads: 1234, Bytes: 5 * 2 ** 30 },
    Total: { Downloads: 5678, Bytes: 6 * 2 ** 30 },
  });
  assertEquals(json.Rank, { Today: 2, Month: 1, Of: 3 });
  assertEquals(json.Days.slice(-2), [
    { Time: "2026-11-21", Downloads: 4, Bytes: 40 },
    { Time: "2026-11-22", Downloads: 7, Bytes: 70 },
  ]);
  assertEquals([json.Days.length, json.Months.length, json.UptimeDays.length], [30, 12, 90]);
  assertEquals(json.Events.map(({ Type }: { Type: string }) => Type), [
    ...["downtime", "state", "state", "state", "added"],
  ]);
  assert(!JSON.stringify(json).includes("secret"));
});

Deno.test("nobody hears of a mirror that there is not, or that is for its own networks only", async () => {
  for (const name of ["m3", "none", "%3Cscript%3E", "m2/"]) {
    assertEquals((await site().get(`/?mirrorstats=${name}`)).status, 404, name);
  }
});

Deno.test("?mirrorstats shows other days, months and years, with what leads to them", async () => {
  const asked = site();
  const json = async (query: string) =>
    await (await asked.get(`/?mirrorstats&${query}`, { headers: { accept: "application/json" } }))
      .json();
  const day = await json("period=2026-11-21");
  assertEquals([day.Day, day.Downloads, day.Curve.length], ["2026-11-21", 4, 30]);
  const month = await json("period=2026-11");
  assertEquals([month.Period, month.Downloads, month.Curve.length], ["2026-11", 20, 22]);
  assertEquals(month.Mirrors.map((one: { Rank: number }) => one.Rank), [1, 2, 3]);
  const year = await json("period=2026");
  assertEquals([year.Period, year.Curve.map((one: { Time: string }) => one.Time).length], [
    "2026",
    11,
  ]);
  const html = await (await asked.get("/?mirrorstats&period=2026-10-31&lang=en")).text();
  const links = [...html.matchAll(/href="\?mirrorstats&amp;period=([\d-]+)&amp;lang=en"/g)];
  assertEquals(links.map(([, period]) => period), [
    ...["2026-10-31", "2026-10", "2026", "2026-10-30", "2026-11-01"],
  ]);
  assertStringIncludes(html, 'href="?mirrorstats=m2&amp;lang=en"');
  const today = await (await asked.get("/?mirrorstats")).text();
  assert(!today.includes("period=2026-11-23"), "a link to tomorrow");
  for (
    const query of [
      "period=2026-02-30",
      "period=x",
      "period=2026-11-23",
      "period=2026-12",
      "period=9999-12",
      "period=9999",
    ]
  ) {
    assertEquals((await asked.get(`/?mirrorstats&${query}`)).status, 400, query);
  }
});
