import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { GeoRecord } from "../../../lib/geo/geo_record.ts";
import { groupMirrors } from "../../../lib/http/pages/group_mirrors.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import type { Candidate } from "../../../lib/selection/selection.ts";

const GERMANY: GeoRecord = {
  countryCode: "DE",
  country: "Germany",
  continentCode: "EU",
  city: "",
  latitude: 51,
  longitude: 10,
  located: true,
  asNumber: 0,
  asName: "",
};

function candidate(id: number, place: string, share: number | null): Candidate {
  const [continentCode = "", country = ""] = place.split("-");
  const mirror = mirrorRecord(id, { continentCode, countryCodes: country === "" ? [] : [country] });
  return {
    ...{ mirror, url: mirror.httpUrl, distance: 0, score: 0 },
    ...{ share, quota: 1, group: null, copy: null },
  };
}

Deno.test("groupMirrors() puts near ones first, folds the others, and keeps long groups short", () => {
  const places = ["EU-DE", "EU-FR", "NA-US", "EU-DE"];
  const candidates = Array.from(
    { length: 80 },
    (_, index) => candidate(index, places[index % 4]!, index < 3 ? 33 : null),
  );
  assertEquals(
    groupMirrors(candidates, GERMANY).map(({ kind, mirrors, total, open, more }) => [
      kind,
      mirrors.length,
      total,
      open,
      more,
    ]),
    [
      ["you", 3, 3, true, false],
      ["country", 10, 39, true, false],
      ["country", 29, 39, false, true],
      ["continent", 19, 19, false, false],
      ["elsewhere", 19, 19, false, false],
    ],
  );
  const unknown = groupMirrors(candidates, null);
  assertEquals(unknown.map(({ kind, mirrors, open }) => [kind, mirrors.length, open]), [
    [{ continent: "EU" }, 10, true],
    [{ continent: "EU" }, 50, false],
    [{ continent: "NA" }, 20, false],
  ]);
  assertEquals(groupMirrors(candidates.slice(0, 12), GERMANY).map(({ kind }) => kind), ["all"]);
  assertEquals(groupMirrors([], GERMANY), []);
});

Deno.test("groupMirrors() loses no mirror, and keeps their ranks in order", () => {
  const place = fc.constantFrom("EU-DE", "EU-FR", "NA-US", "", "XX-");
  const share = fc.option(fc.double({ min: 0, max: 100, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.tuple(place, share)), fc.boolean(), (mirrors, located) => {
      const candidates = mirrors.map(([place, share], index) => candidate(index, place, share));
      const groups = groupMirrors(candidates, located ? GERMANY : null);
      const ranks = groups.flatMap(({ mirrors }) => mirrors.map(({ rank }) => rank));
      assertEquals(ranks.toSorted((a, b) => a - b), candidates.map((_, index) => index + 1));
      for (const { mirrors, open } of groups) {
        const ordered = mirrors.map(({ rank }) => rank);
        assertEquals(ordered, ordered.toSorted((a, b) => a - b));
        assertEquals(open && mirrors.length > 12, false);
      }
    }),
  );
});
