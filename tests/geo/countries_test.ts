import { assert, assertEquals } from "@std/assert";
import { COUNTRIES } from "../../lib/geo/countries.ts";

Deno.test("COUNTRIES holds every code of ISO 3166-1 once, and Kosovo", () => {
  assertEquals(COUNTRIES.size, 250);
  const names = new Set<string>();
  for (const [code, country] of COUNTRIES) {
    assertEquals(country.code, code);
    assert(/^[A-Z]{2}$/.test(code), code);
    names.add(country.name);
  }
  assertEquals(names.size, COUNTRIES.size);
});

Deno.test("COUNTRIES agrees with the names that the runtime knows", () => {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  for (const code of COUNTRIES.keys()) assert(names.of(code), code);
  // The other way round: no country is missing. The rest are groups and territories that share a code.
  const others = new Set(
    "AC BU CP CQ CS DD DG EA EU EZ FX IC NT QO SU TA TP UK UN XA XB YD YU ZR ZZ AN CT DY FQ HV JT MI NH NQ PC PU PZ RH VD WK"
      .split(" "),
  );
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const first of letters) {
    for (const second of letters) {
      const code = first + second;
      if (names.of(code) && !others.has(code)) {
        assert(COUNTRIES.has(code), `${code} ${names.of(code)}`);
      }
    }
  }
});

Deno.test("COUNTRIES places every country on its continent", () => {
  const bounds: Record<string, [south: number, north: number, west: number, east: number]> = {
    AF: [-35, 38, -26, 64],
    AN: [-90, -49, -180, 180],
    AS: [-13, 56, 26, 155],
    EU: [34, 81, -32, 100],
    NA: [7, 84, -180, -12],
    OC: [-55, 22, -180, 180],
    SA: [-57, 14, -93, -28],
  };
  for (const { code, continentCode, latitude, longitude } of COUNTRIES.values()) {
    const [south, north, west, east] = bounds[continentCode] ?? [0, 0, 0, 0];
    assert(latitude >= south && latitude <= north, `${code} ${latitude}`);
    assert(longitude >= west && longitude <= east, `${code} ${longitude}`);
  }
});

Deno.test("COUNTRIES places known countries within a few degrees", () => {
  const known: [string, string, number, number][] = [
    ["DE", "EU", 51, 10],
    ["FR", "EU", 46.5, 2.5],
    ["GB", "EU", 54, -2.5],
    ["US", "NA", 39.5, -98.5],
    ["BR", "SA", -10, -53],
    ["JP", "AS", 37, 138],
    ["AU", "OC", -25, 134],
    ["ZA", "AF", -29, 25],
    ["IN", "AS", 22, 79],
    ["NZ", "OC", -41.5, 172],
    ["SG", "AS", 1.35, 103.8],
    ["NO", "EU", 64, 12],
  ];
  for (const [code, continentCode, latitude, longitude] of known) {
    const country = COUNTRIES.get(code);
    assertEquals(country?.continentCode, continentCode, code);
    assert(Math.abs(country!.latitude - latitude) < 3, code);
    assert(Math.abs(country!.longitude - longitude) < 3, code);
  }
});
