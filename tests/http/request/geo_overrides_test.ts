import { assert, assertEquals } from "@std/assert";
import { GeoOverrides } from "../../../lib/http/request/geo_overrides.ts";
import { PLACES } from "../fixtures.ts";

const SWEDEN = PLACES["89.160.20.112"]!;

function overrides(): GeoOverrides {
  return new GeoOverrides({ resolve: (address) => PLACES[address] ?? null }, [
    { network: "89.160.0.0/16", asNumber: 64500 },
    { network: "203.0.113.0/24", country: "MD" },
    { network: "203.0.113.128/25", country: "MD", latitude: 1, longitude: 2 },
  ]);
}

Deno.test("GeoOverrides let given values win, and the others stay", () => {
  const geo = overrides();
  assertEquals(geo.resolve("89.160.20.112"), { ...SWEDEN, asNumber: 64500, asName: "" });
  assertEquals(geo.resolve("192.0.2.1"), null);
  assertEquals(geo.resolve("81.2.69.160"), PLACES["81.2.69.160"]!);
});

Deno.test("GeoOverrides know places that no database knows; the most specific network counts", () => {
  const geo = overrides();
  const { countryCode, continentCode, located } = geo.resolve("203.0.113.1")!;
  assertEquals([countryCode, continentCode, located], ["MD", "EU", true]);
  const exact = geo.resolve("203.0.113.129")!;
  assertEquals([exact.countryCode, exact.latitude, exact.longitude], ["MD", 1, 2]);
});

Deno.test("GeoOverrides give the same object for the same place", () => {
  const geo = overrides();
  assert(geo.resolve("203.0.113.1") === geo.resolve("203.0.113.2"));
  assert(geo.resolve("203.0.113.1") !== geo.resolve("203.0.113.130"));
});
