import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { FileCopy, IndexedFile } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { RuleUse, SelectionRule } from "../../lib/catalog/selection_rule.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { type PreparedMirrors, prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { select } from "../../lib/selection/select.ts";
import type { TlsChoice } from "../../lib/selection/selection.ts";
import { Selector } from "../../lib/selection/selector.ts";
import {
  clientRecord,
  clientWithoutPlace,
  FILE,
  FILE_TIME,
  mirrorRecord,
  OPTIONS,
  rule,
  seededRandom,
  viewOf,
} from "./fixtures.ts";

const countries = fc.constantFrom("FR", "DE", "US", "JP");
const rarely = fc.integer({ min: 0, max: 7 }).map((number) => number === 0);
const mostly = rarely.map((value) => !value);

const mirrors = fc.array(
  fc.record({
    httpUrl: fc.constantFrom("http://host/", "https://host/", "host/"),
    enabled: mostly,
    httpUp: mostly,
    httpsUp: mostly,
    continentOnly: rarely,
    countryOnly: rarely,
    asOnly: rarely,
    score: fc.integer({ min: -150, max: 300 }),
    latitude: fc.integer({ min: -90, max: 90 }),
    longitude: fc.integer({ min: -180, max: 180 }),
    continentCode: fc.constantFrom("EU", "NA"),
    countryCodes: fc.uniqueArray(countries, { maxLength: 3 }),
    excludedCountryCodes: fc.uniqueArray(countries, { maxLength: 1 }),
    asNumber: fc.constantFrom(0, 64500, 64501),
    networks: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      fc.subarray(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "2001:db8::/32"]),
    ),
    networksOnly: rarely,
    monopoly: rarely,
    bandwidth: fc.constantFrom(0, 0, 1e8, 1e9, 1e11),
    maxShare: fc.constantFrom(0, 0, 0, 10, 30, 60),
    global: rarely,
  }),
  { maxLength: 12 },
);

const files = fc.array(
  fc.array(
    fc.record({
      size: fc.constantFrom(FILE.size, FILE.size, FILE.size, 1),
      modTime: fc.constantFrom(FILE_TIME, FILE_TIME, FILE_TIME - 678, FILE_TIME - 3_600_000),
    }),
    { minLength: 12, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 3 },
);

const clients = fc.array(
  fc.oneof(
    fc.constant(null),
    fc.constant(clientWithoutPlace(64500)),
    fc.record({
      countryCode: countries,
      latitude: fc.integer({ min: -90, max: 90 }),
      longitude: fc.integer({ min: -180, max: 180 }),
      asNumber: fc.constantFrom(0, 64500),
    }).map((place): GeoRecord => clientRecord(place)),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Addresses in and out of the mirrors' networks. */
const addresses = fc.array(
  fc.constantFrom("192.0.2.1", "10.2.0.1", "10.1.3.1", "10.1.2.3", "2001:db8::1"),
  { minLength: 1, maxLength: 3 },
);

const words = fc.constantFrom(
  "FR",
  "DE",
  "@EU",
  "AS64500",
  "10.0.0.0/8",
  "m1*",
  "m2",
  "tag:x",
  "*",
);
const rules = fc.oneof(
  fc.constant([]),
  fc.array(
    fc.tuple(words, words, fc.constantFrom<RuleUse>("never", "last", "first", "only"))
      .map(([client, mirror, use]) => rule(client, mirror, use)),
    { maxLength: 3 },
  ),
);

function indexed(copies: readonly Omit<FileCopy, "mirrorId">[], count: number): IndexedFile {
  return {
    file: FILE,
    copies: copies.slice(0, count).map((copy, index) => ({ mirrorId: index + 1, ...copy })),
  };
}

function preparedOf(
  changes: readonly Partial<MirrorRecord>[],
  rules: readonly SelectionRule[] = [],
): PreparedMirrors {
  const records = changes.map((change, index) => mirrorRecord(index + 1, change));
  return prepareMirrors(records, { rules, refuse: [] });
}

Deno.test("Selector.choose() decides as select() does, for the same random numbers", () => {
  fc.assert(
    fc.property(
      mirrors,
      files,
      clients,
      addresses,
      rules,
      fc.boolean(),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(1, 40, 100_000),
      (changes, copies, places, from, rules, geographicalSort, named, limit) => {
        const { mirrors: prepared, rules: set } = preparedOf(changes, rules);
        const options = { ...OPTIONS, geographicalSort };
        const selector = new Selector({ mirrors: prepared, options, named, limit });
        const own = new OwnNetworks();
        own.take([...prepared.values()].map(({ record }) => record), set.networks);
        const views = new ClientViews();
        const lookers = places.flatMap((place) =>
          from.map((address) => views.of(place, own.table.find(address)))
        );
        const entries = copies.map((of) => indexed(of, changes.length));
        const [one, other] = [seededRandom(changes.length + 1), seededRandom(changes.length + 1)];
        // Each question comes several times: from memory as well.
        for (let round = 0; round < 4; round++) {
          for (const entry of entries) {
            for (const client of lookers) {
              for (const tls of ["any", "with_tls", "without_tls"] satisfies TlsChoice[]) {
                const plain = select({
                  indexed: entry,
                  mirrors: prepared,
                  client,
                  tls,
                  options,
                  random: one,
                  ranked: false,
                });
                const chosen = selector.choose(entry, client, tls, other);
                const stops = plain.candidates.slice(0, named)
                  .map(({ mirror, url }) => ({ mirror, url }));
                assertEquals(
                  chosen?.stops.map(({ mirror, url }) => ({ mirror, url })) ?? [],
                  stops,
                );
                if (chosen === null) continue;
                const { mirror, distance } = plain.candidates[0]!;
                assertEquals([chosen.mirror, chosen.distance], [mirror, distance]);
              }
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("Selector.choose() names a mirror by the same object every time", () => {
  const { mirrors: prepared } = preparedOf([{ latitude: 10 }, { latitude: 20 }, { latitude: 40 }]);
  const selector = new Selector({ mirrors: prepared, options: OPTIONS, named: 5, limit: 1 });
  const copies = Array(3).fill({ size: FILE.size, modTime: FILE_TIME });
  const [here, there] = [viewOf(clientRecord()), viewOf(clientRecord({ latitude: 1 }))];
  const chosen = [here, there].flatMap((client) =>
    [indexed(copies, 3), indexed(copies, 3)].map((entry) =>
      selector.choose(entry, client, "any", () => 0)!
    )
  );
  for (const { mirror, stops } of chosen) {
    assertEquals(stops.length, 3);
    assert(stops.every((stop, index) => stop === chosen[0]!.stops[index]));
    assertEquals(mirror, stops[0]!.mirror);
  }
  assert(chosen[0]!.distance !== chosen[2]!.distance);
});

Deno.test("Selector remembers up to its limit, and forgets all that goes over it", () => {
  const count = 20;
  // One far away, so that the others are in the draw.
  const { mirrors: prepared } = preparedOf([
    ...Array(count - 1).fill({ longitude: 1 }),
    { longitude: 170 },
  ]);
  const limit = 5000;
  const selector = new Selector({ mirrors: prepared, options: OPTIONS, named: 5, limit });
  const copies = Array(count).fill({ size: FILE.size, modTime: FILE_TIME });
  const entry = indexed(copies, count);
  let most = 0;
  let before = 0;
  let forgotten = 0;
  for (let client = 0; client < 2000; client++) {
    const view = viewOf(clientRecord({ latitude: client / 100 }));
    assert(selector.choose(entry, view, "any", () => 0) !== null);
    const { remembered } = selector;
    // A weight and an index for each mirror in the draw take 12 bytes.
    if (remembered > before) assert(remembered - before >= 1.5 * (count - 1));
    else forgotten++;
    most = Math.max(most, remembered);
    before = remembered;
  }
  assert(most > limit && most < limit + 200, `${most} words`);
  assert(forgotten > 5);
});

Deno.test("Selector counts what files and orders take, too", () => {
  const { mirrors: prepared } = preparedOf(Array(12).fill({ longitude: 1 }));
  const limit = 2000;
  const selector = new Selector({ mirrors: prepared, options: OPTIONS, named: 5, limit });
  let most = 0;
  for (let set = 1; set < 2 ** 12; set++) {
    const carried = Array.from({ length: 12 }, (_, index) => index + 1)
      .filter((id) => set & (1 << (id - 1)));
    const carrying = carried.map((mirrorId) => ({
      mirrorId,
      size: FILE.size,
      modTime: FILE_TIME,
    }));
    selector.choose({ file: FILE, copies: carrying }, viewOf(clientRecord()), "any", () => 0);
    most = Math.max(most, selector.remembered);
  }
  assert(most > limit && most < limit + 200, `${most} words`);
});

Deno.test("Selector counts what the mirrors of a file take, also where none of them serves anybody", () => {
  const { mirrors: prepared } = preparedOf(
    Array(12).fill({ continentOnly: true, continentCode: "AS", countryCodes: ["JP"] }),
  );
  const limit = 2000;
  const selector = new Selector({ mirrors: prepared, options: OPTIONS, named: 5, limit });
  const client = viewOf(clientRecord());
  let before = 0;
  let forgotten = 0;
  for (let set = 1; set < 2 ** 12; set++) {
    const carrying: FileCopy[] = [];
    for (let mirrorId = 1; mirrorId <= 12; mirrorId++) {
      if ((set & (1 << (mirrorId - 1))) === 0) continue;
      carrying.push({ mirrorId, size: FILE.size, modTime: FILE_TIME });
    }
    const chosen = selector.choose({ file: FILE, copies: carrying }, client, "any", () => 0);
    assertEquals(chosen, null);
    const { remembered } = selector;
    // Two lists with a place for each mirror, beside what holds them and what the client is given.
    if (remembered > before) assert(remembered - before >= 24 + 2 * carrying.length);
    else forgotten++;
    before = remembered;
  }
  assert(forgotten > 5);
});

Deno.test("Selector tells a client nothing of mirrors that are hidden from it", () => {
  const { mirrors: prepared } = preparedOf([{}, {}, {
    networks: ["10.0.0.0/8"],
    networksOnly: true,
  }]);
  const selector = new Selector({ mirrors: prepared, options: OPTIONS, named: 5 });
  const unableWhere = (wrong: readonly number[]): unknown => {
    const copies = [1, 2, 3].map((mirrorId) => ({
      ...{ mirrorId, modTime: FILE_TIME, size: FILE.size + (wrong.includes(mirrorId) ? 1 : 0) },
    }));
    return selector.choose({ file: FILE, copies }, viewOf(null), "any", () => 0)?.unable;
  };
  // The number of the reason, and of how many mirrors it is one.
  assertEquals([unableWhere([]), unableWhere([3]), unableWhere([2, 3])], [null, null, [10, 1]]);
});
