import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Fallback,
  type PreparedFallback,
  prepareFallbacks,
} from "../../lib/selection/prepared_fallback.ts";
import { selectFallbacks as selectFor } from "../../lib/selection/select_fallbacks.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { Selection, TlsChoice } from "../../lib/selection/selection.ts";
import { RuleSet } from "../../lib/selection/rule_set.ts";
import { clientRecord, clientWithoutPlace, rule, seededRandom, viewOf } from "./fixtures.ts";

function selectFallbacks(
  fallbacks: readonly PreparedFallback[],
  client: GeoRecord | null,
  tls: TlsChoice,
  random: () => number,
): Selection {
  return selectFor(fallbacks, viewOf(client), tls, random);
}

const FALLBACKS: Fallback[] = [
  { url: "http://jp.example/repo/", countryCode: "JP", continentCode: "AS" },
  { url: "https://de.example/repo/", countryCode: "DE", continentCode: "EU" },
  { url: "us.example/repo/", countryCode: "US", continentCode: "NA" },
  { url: "fr.example/repo/", countryCode: "FR", continentCode: "EU" },
];

/** Middles of countries, as far as they matter here. */
const CENTROIDS: Record<string, { latitude: number; longitude: number }> = {
  JP: { latitude: 36, longitude: 138 },
  US: { latitude: 40, longitude: -100 },
  DE: { latitude: 51, longitude: 10 },
  FR: { latitude: 46, longitude: 2 },
};

function noChance(): number {
  throw new Error("Nothing is left to chance");
}

function names({ candidates }: Selection): string[] {
  return candidates.map(({ mirror }) => mirror.name);
}

Deno.test("prepareFallbacks() makes mirrors of the configured fallbacks", () => {
  const [first, second] = prepareFallbacks(FALLBACKS);
  assertEquals([first!.record.id, first!.record.name], [0, "fallback0"]);
  assertEquals([second!.record.id, second!.record.name], [-1, "fallback1"]);
  const { httpUrl, countryCodes, continentCode, latitude, longitude, asNumber } = second!.record;
  assertEquals(httpUrl, "https://de.example/repo/");
  assertEquals([countryCodes, continentCode], [["DE"], "EU"]);
  assertEquals([latitude, longitude, asNumber], [0, 0, 0]);
  const [nowhere] = prepareFallbacks([{ url: "x/", countryCode: "", continentCode: "" }]);
  assertEquals(nowhere!.record.countryCodes, []);
});

Deno.test("selectFallbacks() ranks by country, then continent, then as configured", () => {
  const fallbacks = prepareFallbacks(FALLBACKS);
  const rank = (countryCode: string, continentCode: string) =>
    names(
      selectFallbacks(fallbacks, clientRecord({ countryCode, continentCode }), "any", noChance),
    );
  assertEquals(rank("FR", "EU"), ["fallback3", "fallback1", "fallback0", "fallback2"]);
  assertEquals(rank("DE", "EU"), ["fallback1", "fallback3", "fallback0", "fallback2"]);
  assertEquals(rank("ES", "EU"), ["fallback1", "fallback3", "fallback0", "fallback2"]);
  assertEquals(rank("US", "NA"), ["fallback2", "fallback0", "fallback1", "fallback3"]);
  assertEquals(rank("BR", "SA"), ["fallback0", "fallback1", "fallback2", "fallback3"]);
  assertEquals(rank("AQ", ""), ["fallback0", "fallback1", "fallback2", "fallback3"]);
});

Deno.test("selectFallbacks() ranks by distance what is alike otherwise", () => {
  const fallbacks = prepareFallbacks(FALLBACKS, (countryCode) => CENTROIDS[countryCode]);
  const madrid = clientRecord({ countryCode: "ES", latitude: 40.4, longitude: -3.7 });
  // France before Germany, and the United States (7800 km) before Japan (11000 km).
  assertEquals(names(selectFallbacks(fallbacks, madrid, "any", noChance)), [
    "fallback3",
    "fallback1",
    "fallback2",
    "fallback0",
  ]);
  const other = { url: "xx.example/", countryCode: "", continentCode: "" };
  const withUnknown = prepareFallbacks([other, ...FALLBACKS], (code) => CENTROIDS[code] ?? null);
  assertEquals(names(selectFallbacks(withUnknown, madrid, "any", noChance)).at(-1), "fallback0");
});

Deno.test("selectFallbacks() does not take two unknown places or AS for the same", () => {
  const fallbacks = prepareFallbacks([
    { url: "a/", countryCode: "", continentCode: "EU" },
    { url: "b/", countryCode: "", continentCode: "" },
    { url: "c/", countryCode: "FR", continentCode: "" },
  ]);
  const ranked = (continentCode: string) => {
    const client = clientRecord({ countryCode: "", continentCode, asNumber: 0 });
    return names(selectFallbacks(fallbacks, client, "any", noChance));
  };
  assertEquals(ranked("EU"), ["fallback0", "fallback1", "fallback2"]);
  assertEquals(ranked(""), ["fallback0", "fallback1", "fallback2"]);
});

Deno.test("selectFallbacks() puts the client's AS first", () => {
  const fallbacks = prepareFallbacks(FALLBACKS).map((fallback, index) => ({
    ...fallback,
    record: { ...fallback.record, asNumber: index === 0 ? 64500 : 0 },
  }));
  const client = clientRecord({ asNumber: 64500 });
  assertEquals(names(selectFallbacks(fallbacks, client, "any", noChance)).slice(0, 2), [
    "fallback0",
    "fallback3",
  ]);
});

Deno.test("selectFallbacks() completes URLs without a scheme, and leaves out those with another", () => {
  const fallbacks = prepareFallbacks(FALLBACKS);
  const urls = (tls: "any" | "with_tls" | "without_tls") =>
    selectFallbacks(fallbacks, clientRecord({ countryCode: "US" }), tls, noChance)
      .candidates.map(({ url }) => url);
  const plain = "http://jp.example/repo/";
  const secure = "https://de.example/repo/";
  const [us, fr] = ["us.example/repo/", "fr.example/repo/"];
  assertEquals(urls("any"), [`https://${us}`, secure, `https://${fr}`, plain]);
  assertEquals(urls("with_tls"), [`https://${us}`, secure, `https://${fr}`]);
  assertEquals(urls("without_tls"), [`http://${us}`, `http://${fr}`, plain]);
});

Deno.test("selectFallbacks() offers all, without distances, scores, shares or copies", () => {
  const selection = selectFallbacks(
    prepareFallbacks(FALLBACKS, (countryCode) => CENTROIDS[countryCode]),
    clientRecord({ latitude: 40, longitude: 20 }),
    "any",
    noChance,
  );
  assertEquals([selection.fallback, selection.excluded], [true, []]);
  assertEquals(selection.candidates.length, 4);
  for (const { distance, score, share, copy } of selection.candidates) {
    assertEquals([distance, score, share, copy], [0, 0, null, null]);
  }
  const none = { candidates: [], excluded: [], fallback: true };
  assertEquals(selectFallbacks([], null, "any", noChance), none);
  assertEquals(selectFallbacks([], clientRecord(), "any", noChance), none);
});

Deno.test("selectFallbacks() leaves it to chance when the client is nowhere", () => {
  const fallbacks = prepareFallbacks(FALLBACKS);
  const random = seededRandom();
  for (const client of [null, clientWithoutPlace(64500)]) {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const all = names(selectFallbacks(fallbacks, client, "any", random));
      assertEquals(new Set(all).size, 4);
      counts.set(all[0]!, (counts.get(all[0]!) ?? 0) + 1);
    }
    // Expected 1000 (σ 27).
    for (const [name, count] of counts) assertAlmostEquals(count, 1000, 135, name);
  }
});

Deno.test("selectFallbacks() follows the rules by name, country and continent", () => {
  const rules = new RuleSet(
    [
      rule("FR", "fallback0", "last"),
      rule("FR", "@NA", "never"),
      rule("FR", "FR", "first"),
      rule("*", "DE", "only"),
    ],
    [],
    [],
  );
  const ruled = prepareFallbacks(FALLBACKS, (code) => CENTROIDS[code], rules);
  const client = clientRecord({ latitude: 36, longitude: 138 });
  assertEquals(names(selectFallbacks(ruled, client, "any", () => 0)), [
    "fallback3",
    "fallback1",
    "fallback0",
  ]);
});

Deno.test("selectFallbacks() heeds rules about who asks in truth, where somebody asks as if from elsewhere", () => {
  const rules = new RuleSet([rule("FR", "fallback1", "never")], [], []);
  const fallbacks = prepareFallbacks(FALLBACKS, undefined, rules);
  const from = (asker: GeoRecord): string[] =>
    names(selectFor(fallbacks, viewOf(clientRecord({ countryCode: "DE" })), "any", noChance, {
      ...{ avoid: [], mirror: null, country: null, asker: viewOf(asker) },
    }));
  const all = ["fallback1", "fallback3", "fallback0", "fallback2"];
  assertEquals(from(clientRecord({ countryCode: "US" })), all);
  assertEquals(from(clientRecord()), all.slice(1));
});
