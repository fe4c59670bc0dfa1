import { assertEquals } from "@std/assert";
import type { LoadedDatabase } from "../../lib/geoip/load_databases.ts";
import { oldDatabases } from "../../lib/geoip/old_databases.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);

function database(type: string, age: number, embedded = false): LoadedDatabase {
  return {
    ...{ name: `/geo/${type}.mmdb`, type, bytes: new Uint8Array(), buildTime: NOW - age },
    stamp: embedded ? null : { size: 1, modifiedAt: 1 },
  };
}

Deno.test("oldDatabases() names what is older than 60 days, but for the embedded one", () => {
  const network = database("ASN", 60 * DAY);
  const old = (place: LoadedDatabase | null) => oldDatabases({ place, network }, NOW);
  assertEquals(old(database("City", 60 * DAY + 1)), ["City is 60 days old"]);
  assertEquals(old(database("City", 59 * DAY)), []);
  assertEquals(old(database("Country", 300 * DAY, true)), []);
  assertEquals(old(null), []);
  assertEquals(oldDatabases(null, NOW), []);
});
