import { assertEquals } from "@std/assert";
import { loadGeoDatabases } from "../../lib/geoip/load_databases.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("embeddedDatabase() knows the countries of well-known networks", async () => {
  await using dir = await tempDir();
  const log = new MemoryLog();
  const { resolver, databases } = await loadGeoDatabases({ directory: dir.path, log });
  assertEquals(databases.place?.name, "embedded country database");
  const cases: [string, string][] = [
    ["193.0.0.1", "NL"], // RIPE NCC
    ["194.25.0.1", "DE"], // Deutsche Telekom
    ["133.11.0.1", "JP"], // University of Tokyo
    ["2001:200::1", "JP"], // WIDE
    ["::ffff:193.0.0.1", "NL"],
  ];
  for (const [address, country] of cases) {
    assertEquals(resolver.resolve(address)?.countryCode, country, address);
    assertEquals(resolver.resolve(address)?.located, true, address);
  }
  assertEquals(resolver.resolve("127.0.0.1"), null);
  assertEquals(resolver.resolve("10.0.0.1"), null);
});
