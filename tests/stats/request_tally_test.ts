import { assert, assertEquals } from "@std/assert";
import { COUNTRIES } from "../../lib/geo/countries.ts";
import { continentNumber, countryNumber } from "../../lib/geo/place_numbers.ts";
import { EXCLUSION_TYPES } from "../../lib/selection/exclusion_types.ts";
import { ANSWER_KINDS, answerKind } from "../../lib/stats/answer_kind.ts";
import { type AskedPlace, RequestTally, UNTIMED } from "../../lib/stats/request_tally.ts";
import { RequestTotals } from "../../lib/stats/request_totals.ts";
import { bucketOf, TIME_BOUNDS } from "../../lib/stats/tallied_requests.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";

function totalsOf(mirrors: number, clock = new FakeClock()): RequestTotals {
  return new RequestTotals({ mirrors: () => mirrors, sameDownloadInterval: () => 600, clock });
}

function placeOf(continent: string, country: string): AskedPlace {
  return { continent: continentNumber(continent), country: countryNumber(country) };
}

Deno.test("RequestTally gives out what was counted, once", () => {
  const cache = { hits: 5, misses: 2 };
  const tally = new RequestTally(cache);
  assert(tally.empty);
  for (const kind of ANSWER_KINDS) tally.answered(kind);
  tally.answeredRedirect();
  tally.redirected(7);
  tally.redirected(7);
  tally.redirected(300);
  tally.excluded("down");
  tally.excludedAll([EXCLUSION_TYPES.indexOf("down"), 2, EXCLUSION_TYPES.indexOf("size"), 1]);
  tally.asked(placeOf("EU", "NL"));
  tally.asked(placeOf("XX", ""));
  tally.asked({ continent: 0, country: 0 });
  tally.hit(0.03);
  tally.missed(2500);
  tally.lookedUp(4, false);
  tally.lookedUp(4, true);
  assert(!tally.empty);

  const taken = tally.take();
  assertEquals(taken.answers, {
    ...Object.fromEntries(ANSWER_KINDS.map((kind) => [kind, 1])),
    redirect: 2,
  });
  assertEquals(taken.mirrors, { 7: 2, 300: 1 });
  assertEquals(taken.excluded, { down: 3, size: 1 });
  assertEquals(taken.continents, { EU: 1, "": 2 });
  assertEquals(taken.countries, {});
  assertEquals(taken.cache, { hits: 5, misses: 2 });
  assertEquals(taken.failedLookups, 1);
  assertEquals(taken.times.hit.buckets[bucketOf(0.03)], 1);
  assertEquals(taken.times.miss.buckets.at(-1), 1);
  assertEquals(taken.times.miss.sum, 2.5);
  assertEquals(taken.lookups.buckets[bucketOf(4)], 2);
  assert(tally.empty);

  cache.hits = 6;
  const later = tally.take();
  assertEquals([later.answers, later.mirrors, later.continents], [{}, {}, {}]);
  assertEquals(later.cache, { hits: 1, misses: 0 });
  assertEquals(later.times.miss, { buckets: Array(TIME_BOUNDS.length + 1).fill(0), sum: 0 });
});

Deno.test("RequestTally times one hit of many, and counts them all", () => {
  const tally = new RequestTally();
  let timed = 0;
  for (let i = 0; i < 100; i++) {
    if (tally.timesNext) timed++;
    tally.hit(tally.timesNext ? 0.03 : UNTIMED);
  }
  const { hit } = tally.take().times;
  assertEquals([timed, hit.buckets[bucketOf(0.03)]], [7, 100]);
  assert(Math.abs(hit.sum - 100 * 0.00003) < 1e-9);
  // The first one of the next time is timed, however many came before.
  assert(tally.timesNext);
  tally.hit(UNTIMED);
  assertEquals(tally.take().times.hit.buckets[0], 1);
  // A store that answers at once took the time of the answer.
  tally.lookedUp(4, false);
  tally.missed(UNTIMED);
  assertEquals(tally.take().times.miss.buckets[bucketOf(4)], 1);
});

Deno.test("RequestTally counts countries where that is wanted", () => {
  const tally = new RequestTally();
  tally.byCountry = true;
  tally.asked(placeOf("EU", "NL"));
  tally.asked(placeOf("EU", "QQ"));
  assertEquals(tally.take().countries, { NL: 1, "": 1 });
});

Deno.test("RequestTally counts mirrors beyond its bound together", () => {
  const tally = new RequestTally();
  for (let round = 0; round < 2; round++) {
    for (let id = 0; id < 10_005; id++) tally.redirected(id);
    tally.redirected(1);
    tally.redirected(9_000);
    const { mirrors } = tally.take();
    assertEquals(Object.keys(mirrors).length, 10_001);
    assertEquals([mirrors.other, mirrors[1], mirrors[9_000], mirrors[4095]], [5, 2, 2, 1]);
  }
  assertEquals(tally.take().mirrors, {});
});

Deno.test("a time belongs to the first bucket whose bound it does not exceed", () => {
  assertEquals(bucketOf(0), 0);
  TIME_BOUNDS.forEach((bound, bucket) => {
    assertEquals(bucketOf(bound * 999), bucket);
    assertEquals(bucketOf(bound * 1001), bucket + 1);
  });
});

Deno.test("answerKind() goes by the status, where that says it all", () => {
  const cases = [
    [200, "list", "list"],
    [302, "redirect", "redirect"],
    [302, "fallback", "fallback"],
    [304, "list", "not_modified"],
    [301, "redirect", "file"],
    [206, "local", "local"],
    [404, "list", "not_found"],
    [410, "file", "not_found"],
    [405, "file", "refused"],
    [451, "file", "refused"],
    [503, "torrent", "unavailable"],
    [503, "local", "unavailable"],
    [500, "file", "error"],
  ] as const;
  for (const [status, document, kind] of cases) {
    assertEquals([status, answerKind(status, document)], [status, kind]);
  }
});

Deno.test("RequestTotals name as many mirrors as are allowed, and count the rest together", () => {
  const totals = totalsOf(2);
  const tally = new RequestTally();
  for (let id = 1; id <= 300; id++) tally.redirected(id);
  totals.addTallied(tally.take());
  assertEquals([...totals.mirrors.keys()], [1, 2]);
  assertEquals(totals.others.redirects, 298);

  // One that is gone makes room for another; what was counted together stays there.
  totals.keep(new Set([2, 3]));
  tally.redirected(3);
  totals.addTallied(tally.take());
  assertEquals([...totals.mirrors.keys()], [2, 3]);
  assertEquals(totals.others.redirects, 298);
});

Deno.test("RequestTotals forget those that came last where fewer mirrors are allowed", () => {
  let most = 3;
  const totals = new RequestTotals({
    mirrors: () => most,
    sameDownloadInterval: () => 600,
    clock: new FakeClock(),
  });
  for (const id of [1, 2, 3]) assert(totals.named.has(id));
  most = 1;
  totals.keep(new Set([1, 2, 3]));
  assertEquals([1, 2, 3].map((id) => totals.named.has(id)), [true, false, false]);
});

Deno.test("RequestTotals count the bytes of a download in parts once in a while", async () => {
  const clock = new FakeClock();
  const totals = totalsOf(200, clock);
  const part = (hash: number, mirrorId: number | null = 1) => ({
    ...{ time: 0, path: "/a", size: 10, clientHash: "", hash, mirrorId, country: "" },
  });
  totals.add(recordedAnswers({ opened: Float64Array.of(5), ranged: [part(5), part(6), part(6)] }));
  totals.add(recordedAnswers({ ranged: [part(6), part(7, null)] }));
  totals.add(recordedAnswers({
    batches: [{ day: "", files: new Map(), mirrors: new Map([[1, { downloads: 2, bytes: 20 }]]) }],
  }));
  assertEquals(totals.mirrors.get(1)?.bytes, 30);
  // Fallbacks are no mirrors.
  assertEquals([[...totals.mirrors.keys()], totals.others.bytes], [[1], 0]);
  await clock.advance(600_000);
  totals.add(recordedAnswers({ ranged: [part(6)] }));
  assertEquals(totals.mirrors.get(1)?.bytes, 40);
});

Deno.test("RequestTotals are bounded, whatever another process sends", () => {
  const totals = totalsOf(10);
  const tallied = new RequestTally().take();
  const answers = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`a${i}`, 1]));
  const mirrors = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${i + 1}`, 1]));
  totals.addTallied({ ...tallied, answers, mirrors, lookups: { buckets: [1], sum: 9 } });
  assertEquals(totals.answers.size, 1_000);
  assertEquals(totals.mirrors.size, 10);
  assertEquals(totals.others.redirects, 4_990);
  assertEquals(totals.lookups.times.sum, 0);
  assert(COUNTRIES.size < 1_000);
});
