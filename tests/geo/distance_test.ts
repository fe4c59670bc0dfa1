import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { distanceBetween, positionOf } from "../../lib/geo/distance.ts";

type Place = readonly [latitude: number, longitude: number];

const HALF_CIRCUMFERENCE = Math.PI * 6371;

const places = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
);

function measure(from: Place, to: Place): number {
  return distanceBetween(positionOf(...from), positionOf(...to));
}

/** The formula as the textbooks write it. */
function haversine([latitude1, longitude1]: Place, [latitude2, longitude2]: Place): number {
  const radians = Math.PI / 180;
  const a = Math.sin((latitude2 - latitude1) * radians / 2) ** 2 +
    Math.cos(latitude1 * radians) * Math.cos(latitude2 * radians) *
      Math.sin((longitude2 - longitude1) * radians / 2) ** 2;
  return 2 * 6371 * Math.atan2(Math.sqrt(a), Math.sqrt(Math.max(0, 1 - a)));
}

Deno.test("distanceBetween() measures along great circles", () => {
  const table: [what: string, Place, Place, kilometres: number][] = [
    // One degree of a great circle is 6371 km × π / 180 = 111.195 km.
    ["one degree of the equator", [0, 0], [0, 1], 111.195],
    ["one degree of a meridian", [10, 20], [11, 20], 111.195],
    ["across the date line", [0, 179], [0, -179], 222.39],
    ["pole to equator", [90, 77], [0, -12], HALF_CIRCUMFERENCE / 2],
    ["pole to pole", [90, 0], [-90, 0], HALF_CIRCUMFERENCE],
    ["to the other side", [30, 40], [-30, -140], HALF_CIRCUMFERENCE],
    ["the same meridian by two names", [12, 180], [12, -180], 0],
    ["the pole on two meridians", [90, 0], [90, 90], 0],
    // 60° north, 180° of longitude apart: over the pole, twice 30°.
    ["over the pole", [60, 0], [60, 180], 60 * 111.194927],
    ["London to Paris", [51.5074, -0.1278], [48.8566, 2.3522], 343.556],
  ];
  for (const [what, from, to, kilometres] of table) {
    assertAlmostEquals(measure(from, to), kilometres, Math.max(0.01, kilometres / 2000), what);
  }
});

Deno.test("distanceBetween() is exactly 0 for one place, in 32 or 64 bits", () => {
  assertEquals(measure([35.68536, 139.75309], [35.68536, 139.75309]), 0);
  assertEquals(measure([35.68536, 139.75309], [35.68536, Math.fround(139.75309)]), 0);
  assertEquals(measure([35.68536, 139.75309], [35.68536, 139.7531]), 0);
});

Deno.test("distanceBetween() tells neighbours apart", () => {
  // 0.0001° of latitude is 11.1 m; 32-bit floats near 51.5 are 3.8e-6° apart.
  assertAlmostEquals(measure([51.5142, 0], [51.5143, 0]), 0.0111, 0.0009);
});

Deno.test("distanceBetween() agrees with the haversine formula", () => {
  fc.assert(fc.property(places, places, (from, to) => {
    // The rounding of coordinates moves a place by less than 2 m.
    assertAlmostEquals(measure(from, to), haversine(from, to), 0.004);
  }));
});

Deno.test("distanceBetween() is symmetric and never longer than half way round", () => {
  fc.assert(fc.property(places, places, (from, to) => {
    const distance = measure(from, to);
    assertEquals(distance, measure(to, from));
    assert(distance >= 0 && distance <= HALF_CIRCUMFERENCE);
  }));
});
