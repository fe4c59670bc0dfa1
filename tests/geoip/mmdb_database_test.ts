import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GeoDatabaseError } from "../../lib/geoip/geo_database_error.ts";
import { MmdbDatabase } from "../../lib/geoip/mmdb_database.ts";
import { type MmdbContent, type MmdbValue, writeMmdb } from "../support/mmdb_writer.ts";

const CITY: MmdbContent = {
  type: "Test-City",
  networks: {
    "192.0.2.0/24": {
      country: { iso_code: "DE", names: { en: "Germany" } },
      location: { latitude: 51.5, longitude: 10.25 },
    },
    "198.51.100.0/24": {
      country: { iso_code: "FR", names: { en: "France" } },
      city: { names: { en: "Orléans" } },
    },
    "2001:db8::/32": {
      country: { iso_code: "DE", names: { en: "Germany" } },
      flags: [true, false, 7],
    },
  },
};

Deno.test("MmdbDatabase reads every record size and both families", () => {
  for (const recordSize of [24, 28, 32] as const) {
    const database = new MmdbDatabase(writeMmdb({ ...CITY, recordSize }));
    for (
      const [address, network] of [
        ["192.0.2.0", "192.0.2.0/24"],
        ["192.0.2.255", "192.0.2.0/24"],
        ["198.51.100.7", "198.51.100.0/24"],
        ["2001:db8:ffff::1", "2001:db8::/32"],
      ] as const
    ) {
      assertEquals(database.lookUp(address), CITY.networks[network] as never, address);
    }
    for (const address of ["192.0.1.255", "192.0.3.0", "2001:db9::", "::1"]) {
      assertEquals(database.lookUp(address), null, address);
    }
  }
});

Deno.test("MmdbDatabase reads a database of IPv4 alone", () => {
  const database = new MmdbDatabase(
    writeMmdb({ type: "v4", ipVersion: 4, networks: { "192.0.2.0/24": { country_code: "DE" } } }),
  );
  assertEquals(database.lookUp("192.0.2.1"), { country_code: "DE" });
  assertEquals(database.lookUp("192.0.3.1"), null);
});

Deno.test("MmdbDatabase tells its type and age", () => {
  const buildTime = Date.UTC(2026, 5, 17, 12);
  const database = new MmdbDatabase(writeMmdb({ ...CITY, buildTime }));
  assertEquals([database.type, database.buildTime], ["Test-City", buildTime]);
});

Deno.test("MmdbDatabase reads bytes that threads share", () => {
  const bytes = writeMmdb(CITY);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 10), 10);
  shared.set(bytes);
  assertEquals(
    new MmdbDatabase(shared).lookUp("198.51.100.7"),
    CITY.networks["198.51.100.0/24"] as never,
  );
});

Deno.test("MmdbDatabase gives an entry that is no map as nothing", () => {
  const database = new MmdbDatabase(writeMmdb({ type: "x", networks: { "192.0.2.0/24": "DE" } }));
  assertEquals(database.lookUp("192.0.2.1"), null);
});

/** Finds bytes in a file. */
function indexOf(bytes: Uint8Array, text: string): number {
  const index = new TextDecoder("latin1").decode(bytes).indexOf(text);
  assert(index >= 0, text);
  return index;
}

Deno.test("MmdbDatabase refuses broken files with a clear reason", () => {
  const whole = writeMmdb(CITY);
  const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = whole.slice();
    change(bytes);
    return bytes;
  };
  const withMetadata = (metadata: Record<string, MmdbValue>): Uint8Array =>
    writeMmdb({ ...CITY, metadata });
  const cases: [string, Uint8Array, string][] = [
    ["empty", new Uint8Array(), "the file is empty"],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), "compressed with gzip"],
    ["text", new TextEncoder().encode("<html>Not found</html>"), "it has no metadata"],
    ["half a file", whole.slice(0, whole.length / 2), "it has no metadata"],
    ["marker alone", whole.slice(0, indexOf(whole, "MaxMind.com") + 11), "beyond the end"],
    ["half the metadata", whole.slice(0, -40), "beyond the end"],
    ["head lost", whole.slice(100), "another size"],
    ["too many nodes", withMetadata({ node_count: 100_000 }), "no room for the 100000 nodes"],
    ["no nodes", withMetadata({ node_count: 0 }), "no room for the 0 nodes"],
    ["wrong node count", withMetadata({ node_count: 10 }), "another size"],
    ["node count is text", withMetadata({ node_count: "many" }), "no room for the many nodes"],
    [
      "record size",
      withMetadata({ record_size: 23 }),
      "metadata or its search tree cannot be read",
    ],
    ["address family", withMetadata({ ip_version: 5 }), "metadata make no sense"],
    ["format", withMetadata({ binary_format_major_version: 3 }), "format has version 3, not 2"],
    ["tree out of the file", changed((bytes) => bytes.fill(0xff, 0, 6)), "leads out of the file"],
    [
      "double with another size",
      changed((bytes) => bytes[indexOf(bytes, "\x68\x40\x49\xc0")] = 0x67),
      "type 3 with size 7",
    ],
    [
      "text beyond the end",
      changed((bytes) => bytes[indexOf(bytes, "Orl") - 1] = 0x5f),
      "beyond the end",
    ],
    [
      "pointer beyond the end",
      changed((bytes) => bytes.set([0x27, 0xff], indexOf(bytes, "\x42DE") + 3)),
      "beyond the end",
    ],
    [
      "key that is no text",
      changed((bytes) => bytes[indexOf(bytes, "latitude") - 1] = 0x88),
      "no text",
    ],
  ];
  for (const [what, bytes, message] of cases) {
    let reason = "nothing";
    try {
      new MmdbDatabase(bytes);
    } catch (error) {
      assert(error instanceof GeoDatabaseError, `${what}: ${error}`);
      reason = error.message;
    }
    assertStringIncludes(reason, message, `${what}: ${reason}`);
  }
});

Deno.test("MmdbDatabase refuses entries that contain themselves", () => {
  const bytes = writeMmdb({ type: "x", networks: { "192.0.2.0/24": [["abc"]] } });
  // The outer array stands last; its only part is a pointer.
  const marker = indexOf(bytes, "\xab\xcd\xefMaxMind.com");
  const dataStart = indexOf(bytes, "\x43abc");
  const outer = marker - 4;
  bytes.set([0x20, outer - dataStart], marker - 2);
  assertThrows(() => new MmdbDatabase(bytes), GeoDatabaseError, "contains itself");
});

Deno.test("MmdbDatabase refuses entries that are nested deeper than any real one", () => {
  const nested = (levels: number): MmdbValue => {
    let value: MmdbValue = 1;
    for (let level = 0; level < levels; level++) value = [value];
    return value;
  };
  const open = (levels: number): MmdbDatabase =>
    new MmdbDatabase(writeMmdb({ type: "x", networks: { "192.0.2.0/24": nested(levels) } }));
  open(30);
  assertThrows(() => open(70), GeoDatabaseError, "nested too deeply");
  assertThrows(() => open(2_000), GeoDatabaseError, "nested too deeply");
});

Deno.test("MmdbDatabase throws nothing but GeoDatabaseError, whatever the file", () => {
  const whole = writeMmdb(CITY);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(damage, fc.boolean(), (damage, trusted) => {
      const bytes = whole.slice();
      for (const [index, byte] of damage) bytes[index] = byte;
      try {
        const database = new MmdbDatabase(bytes, trusted);
        for (const address of ["192.0.2.1", "198.51.100.1", "2001:db8::1", "::"]) {
          database.lookUp(address);
        }
      } catch (error) {
        assert(error instanceof GeoDatabaseError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
