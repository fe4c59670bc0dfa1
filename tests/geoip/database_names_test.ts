import { assertEquals } from "@std/assert";
import { databaseCandidates } from "../../lib/geoip/database_names.ts";

Deno.test("databaseCandidates() prefers cities, then countries, and the updated file", () => {
  assertEquals(
    databaseCandidates("place", [
      "GeoLite2-ASN.mmdb",
      "GeoLite2-Country.mmdb",
      "GeoLite2-City.mmdb",
      "GeoLite2-City.mmdb.updated",
      "dbip-city-lite-2026-10.mmdb",
      "dbip-city-lite-2026-11.mmdb",
      "dbip-city-lite.mmdb",
      "GeoIP2-City.mmdb",
    ]),
    [
      ["GeoLite2-City.mmdb.updated", "GeoLite2-City.mmdb"],
      ["GeoIP2-City.mmdb"],
      ["dbip-city-lite.mmdb", "dbip-city-lite-2026-11.mmdb", "dbip-city-lite-2026-10.mmdb"],
      ["GeoLite2-Country.mmdb"],
    ],
  );
  assertEquals(
    databaseCandidates("network", ["dbip-asn-lite-2026-11.mmdb", "GeoLite2-ASN.mmdb", "asn.csv"]),
    [["GeoLite2-ASN.mmdb"], ["dbip-asn-lite-2026-11.mmdb"]],
  );
});

Deno.test("databaseCandidates() leaves other files alone", () => {
  const others = [
    "GeoLite2-City.mmdb.gz",
    "xGeoLite2-City.mmdb",
    "GeoLite2-City.mmdb.bak",
    "README",
  ];
  assertEquals(databaseCandidates("place", others), []);
  assertEquals(databaseCandidates("network", others), []);
});
