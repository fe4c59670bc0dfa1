import { assert, assertEquals } from "@std/assert";
import { MmdbDatabase } from "../../lib/geoip/mmdb_database.ts";
import { MmdbResolver } from "../../lib/geoip/mmdb_resolver.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { type MmdbContent, writeMmdb } from "../support/mmdb_writer.ts";

function named(content: MmdbContent): { name: string; database: MmdbDatabase } {
  return { name: `${content.type}.mmdb`, database: new MmdbDatabase(writeMmdb(content)) };
}

const CITY = named({
  type: "City",
  networks: {
    "192.0.2.0/24": {
      city: { names: { en: "Berlin" } },
      country: { iso_code: "DE", names: { en: "Germany" } },
      continent: { code: "EU" },
      location: { latitude: 52.5, longitude: 13.25 },
    },
    "2001:db8::/32": { country: { iso_code: "JP" } },
  },
});

const ASN = named({
  type: "ASN",
  networks: {
    "192.0.2.0/25": {
      autonomous_system_number: 64496,
      autonomous_system_organization: "Example",
    },
    "203.0.113.0/24": { autonomous_system_number: 64497 },
  },
});

Deno.test("MmdbResolver.resolve() joins both databases", () => {
  const resolver = new MmdbResolver(CITY, ASN, new MemoryLog());
  const berlin = {
    countryCode: "DE",
    country: "Germany",
    continentCode: "EU",
    city: "Berlin",
    latitude: 52.5,
    longitude: 13.25,
    located: true,
  };
  assertEquals(resolver.resolve("192.0.2.1"), { ...berlin, asNumber: 64496, asName: "Example" });
  assertEquals(resolver.resolve("192.0.2.200"), { ...berlin, asNumber: 0, asName: "" });
  assertEquals(resolver.resolve("203.0.113.9")?.asNumber, 64497);
  assertEquals(resolver.resolve("203.0.113.9")?.located, false);
  assertEquals(resolver.resolve("2001:DB8:0::1")?.country, "Japan");
  assertEquals(resolver.resolve("198.51.100.1"), null);
  assertEquals(resolver.resolve("::1"), null);
});

Deno.test("MmdbResolver.resolve() takes IPv4 in IPv6 clothes for IPv4", () => {
  const resolver = new MmdbResolver(CITY, ASN, new MemoryLog());
  for (const address of ["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"]) {
    assertEquals(resolver.resolve(address), resolver.resolve("192.0.2.1"), address);
  }
});

Deno.test("MmdbResolver.resolve() knows nothing of what is no address", () => {
  const resolver = new MmdbResolver(CITY, ASN, new MemoryLog());
  for (
    const address of [
      "",
      "unknown",
      "192.0.2",
      "192.0.2.1:80",
      "[2001:db8::1]",
      "192.0.2.1, ::1",
      "x".repeat(9999),
    ]
  ) assertEquals(resolver.resolve(address), null, address);
});

Deno.test("MmdbResolver.resolve() gives the same object for all of a network", () => {
  const resolver = new MmdbResolver(CITY, ASN, new MemoryLog());
  assert(resolver.resolve("192.0.2.1") === resolver.resolve("192.0.2.2"));
});

Deno.test("MmdbResolver.resolve() does without either database", () => {
  assertEquals(
    new MmdbResolver(null, ASN, new MemoryLog()).resolve("192.0.2.1")?.asName,
    "Example",
  );
  assertEquals(new MmdbResolver(CITY, null, new MemoryLog()).resolve("192.0.2.1")?.city, "Berlin");
  assertEquals(new MmdbResolver(null, null, new MemoryLog()).resolve("192.0.2.1"), null);
});

Deno.test("MmdbResolver.resolve() reports a database that turns out broken once, and goes on", () => {
  const bytes = writeMmdb({
    type: "Broken",
    networks: { "192.0.2.0/24": { country_code: "DE" }, "198.51.100.0/24": { country_code: "FR" } },
  });
  // The header of both entries gets a data type that does not exist.
  const start = new TextDecoder("latin1").decode(bytes).indexOf("country_code");
  for (let i = start; i < bytes.length && bytes[i] !== 0xab; i++) {
    if (bytes[i] === 0xe1) bytes.set([0x00, 0x7f], i);
  }
  const log = new MemoryLog();
  const broken = { name: "/geo/Broken.mmdb", database: new MmdbDatabase(bytes, true) };
  const resolver = new MmdbResolver(broken, ASN, log);
  assertEquals(resolver.resolve("192.0.2.1")?.asName, "Example");
  assertEquals(resolver.resolve("198.51.100.1"), null);
  assertEquals(log.lines, [
    'error: GeoIP database "/geo/Broken.mmdb" is broken: the entry for 192.0.2.1 cannot be read; ' +
    "addresses in its broken parts count as unknown until a good copy is in its place",
  ]);
});
