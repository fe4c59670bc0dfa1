import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { FileCopy } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import { select } from "../../lib/selection/select.ts";
import type { SelectionRequest } from "../../lib/selection/selection_request.ts";
import {
  clientRecord,
  FILE,
  FILE_TIME,
  mirrorRecord,
  requestFor,
  seededRandom,
} from "./fixtures.ts";

// Few values, so that mirrors and clients often agree.
const countries = fc.constantFrom("FR", "DE", "US", "JP");
const continents = fc.constantFrom("EU", "NA", "AS");
const asNumbers = fc.constantFrom(0, 64500, 64501);
const latitudes = fc.integer({ min: -90, max: 90 });
const longitudes = fc.integer({ min: -180, max: 180 });
const rarely = fc.integer({ min: 0, max: 7 }).map((number) => number === 0);
const mostly = rarely.map((value) => !value);

const records: fc.Arbitrary<Partial<MirrorRecord>> = fc.record({
  httpUrl: fc.constantFrom("http://host/", "https://host/", "host/"),
  enabled: mostly,
  httpUp: mostly,
  httpsUp: mostly,
  httpDownReason: fc.constantFrom("", "Unreachable"),
  continentOnly: rarely,
  countryOnly: rarely,
  asOnly: rarely,
  score: fc.integer({ min: -150, max: 300 }),
  latitude: latitudes,
  longitude: longitudes,
  continentCode: continents,
  countryCodes: fc.uniqueArray(countries, { maxLength: 3 }),
  excludedCountryCodes: fc.uniqueArray(countries, { maxLength: 1 }),
  asNumber: asNumbers,
  lastSuccessfulSyncPrecision: fc.constantFrom(0, 1, 1000),
  timeZoneOffset: fc.constantFrom(0, 3_600_000),
});

const copies = fc.record({
  size: fc.constantFrom(FILE.size, FILE.size, FILE.size, 1),
  modTime: fc.constantFrom(FILE_TIME, FILE_TIME, FILE_TIME - 678, FILE_TIME - 3_600_000, null),
});

const clients: fc.Arbitrary<GeoRecord | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 9,
    arbitrary: fc.record({
      countryCode: countries,
      continentCode: continents,
      latitude: latitudes,
      longitude: longitudes,
      located: mostly,
      asNumber: asNumbers,
    }).map((place) =>
      place.located ? clientRecord(place) : clientRecord({
        ...place,
        countryCode: "",
        continentCode: "",
        latitude: 0,
        longitude: 0,
      })
    ),
  },
);

/** Requests of every kind; the random source is a new one for each use. */
const requests = fc.record({
  mirrors: fc.array(fc.tuple(records, copies), { maxLength: 20 }),
  client: clients,
  tls: fc.constantFrom("any" as const, "with_tls" as const, "without_tls" as const),
  options: fc.record({
    weightDistributionRange: fc.double({ min: 0.1, max: 20, noNaN: true }),
    fixTimezoneOffsets: fc.boolean(),
    tolerance: fc.constantFrom(0, 0, 2000),
    allowOutdatedFiles: fc.constantFrom([], [{ prefix: "/pool/", minutes: 60 }]),
    ipFamilies: fc.constant("ignore" as const),
    geographicalSort: mostly,
  }),
  ranked: fc.boolean(),
  seed: fc.integer({ min: 1 }),
}).map(({ mirrors, seed, ...changes }) => (): SelectionRequest =>
  requestFor(
    mirrors.map(([record], index) => mirrorRecord(index + 1, record)),
    { ...changes, random: seededRandom(seed) },
    mirrors.map(([, copy], index) => ({ mirrorId: index + 1, ...copy })),
  )
);

function idsOf(parts: readonly { readonly mirror: MirrorRecord }[]): number[] {
  return parts.map(({ mirror }) => mirror.id);
}

Deno.test("select() never offers a mirror that may not serve", () => {
  fc.assert(fc.property(requests, (make) => {
    const request = make();
    const { client: { place: client }, options, tls } = request;
    const outdated = options.allowOutdatedFiles.length > 0;
    for (const { mirror, url, copy } of select(request).candidates) {
      assert(mirror.enabled);
      assert(url.startsWith("https://") ? mirror.httpsUp : mirror.httpUp);
      assert(tls !== "with_tls" || url.startsWith("https://"));
      assert(tls !== "without_tls" || url.startsWith("http://"));
      assert(copy !== null && copy.mirrorId === mirror.id);
      assert(outdated || copy.size === FILE.size);
      if (copy.modTime !== null) {
        const offset = options.fixTimezoneOffsets ? mirror.timeZoneOffset : 0;
        const behind = FILE_TIME - copy.modTime - offset;
        const inexact = Math.max(1, mirror.lastSuccessfulSyncPrecision);
        assert(behind > -inexact - options.tolerance);
        assert(behind < Math.max(outdated ? 3_600_000 : 0, options.tolerance) + inexact);
      }
      const country = client?.countryCode ?? "";
      assert(!mirror.continentOnly || mirror.continentCode === client?.continentCode);
      assert(!mirror.countryOnly || mirror.countryCodes.includes(country));
      assert(!mirror.asOnly || mirror.asNumber !== 0 && mirror.asNumber === client?.asNumber);
      assert(!mirror.excludedCountryCodes.includes(country));
    }
  }));
});

Deno.test("select() ranks or excludes every mirror that has a copy, and draws from those ranked", () => {
  fc.assert(fc.property(requests, (make) => {
    const ranked = select({ ...make(), ranked: true });
    const all = [...idsOf(ranked.candidates), ...idsOf(ranked.excluded)];
    assertEquals(all.toSorted((a, b) => a - b), make().indexed.copies.map((copy) => copy.mirrorId));
    assertEquals(idsOf(ranked.excluded), idsOf(ranked.excluded).toSorted((a, b) => a - b));

    const drawn = select({ ...make(), ranked: false });
    assertEquals(drawn.excluded, ranked.excluded);
    assertEquals(new Set(idsOf(drawn.candidates)).size, drawn.candidates.length);
    assertEquals(drawn.candidates.length === 0, ranked.candidates.length === 0);
    const byId = new Map(ranked.candidates.map((candidate) => [candidate.mirror.id, candidate]));
    for (const candidate of drawn.candidates) {
      assertEquals(candidate, byId.get(candidate.mirror.id)!);
    }
  }));
});

Deno.test("select() gives shares that make up 100, or none", () => {
  fc.assert(fc.property(requests, (make) => {
    const { candidates } = select({ ...make(), ranked: true });
    const shares = candidates.map(({ share }) => share).filter((share) => share !== null);
    assert(shares.every((share) => share > 0));
    if (shares.length > 0) assertAlmostEquals(shares.reduce((a, b) => a + b), 100, 1e-9);
    // Those with a share stand before those without.
    assert(candidates.slice(0, shares.length).every(({ share }) => share !== null));
  }));
});

Deno.test("select() ranks by score, then by ID", () => {
  fc.assert(fc.property(requests, (make) => {
    const { candidates } = select({ ...make(), ranked: true });
    const sorted = candidates.toSorted((a, b) => b.score - a.score || a.mirror.id - b.mirror.id);
    assertEquals(idsOf(candidates), idsOf(sorted));
    for (const { score } of candidates) assert(Number.isInteger(score) && score >= 0);
  }));
});

Deno.test("select() gives a second answer only by chance", () => {
  fc.assert(fc.property(requests, (make) => {
    assertEquals(select(make()), select(make()));
  }));
});

Deno.test("select() does not depend on the order of its input, nor change it", () => {
  fc.assert(fc.property(requests, fc.integer({ min: 1 }), (make, seed) => {
    const expected = select(make());
    const request = make();
    const random = seededRandom(seed);
    const shuffled: FileCopy[] = request.indexed.copies
      .map((copy) => ({ copy, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ copy }) => copy);
    const indexed = Object.freeze({ file: FILE, copies: Object.freeze(shuffled.slice()) });
    const mirrors = new Map([...request.mirrors].reverse());
    assertEquals(select({ ...request, indexed, mirrors }), expected);
    assertEquals(indexed.copies, shuffled);
  }));
});
