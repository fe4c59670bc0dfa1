import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  createGeoResolver,
  type GeoDatabases,
  loadGeoDatabases,
  type LoadOptions,
} from "../../lib/geoip/load_databases.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { writeMmdb } from "../support/mmdb_writer.ts";
import { tempDir } from "../support/temp_dir.ts";

const ADDRESS = "192.0.2.1";

/** A database that knows one network, by the city that it says. */
function city(name: string): Uint8Array {
  return writeMmdb({
    type: `City-${name}`,
    networks: { "192.0.2.0/24": { country_code: "DE", city: name, latitude: 1.5, longitude: 2.5 } },
  });
}

const ASN = writeMmdb({
  type: "ASN",
  networks: { "192.0.2.0/24": { as_number: 64496, as_name: "Example" } },
});

const EMBEDDED = (): Promise<Uint8Array> =>
  Promise.resolve(
    writeMmdb({ type: "Countries", networks: { "192.0.2.0/24": { country_code: "JP" } } }),
  );

async function load(
  directory: string,
  options: Partial<LoadOptions> = {},
): Promise<GeoDatabases & { log: MemoryLog }> {
  const log = new MemoryLog();
  return { ...await loadGeoDatabases({ directory, log, embedded: EMBEDDED, ...options }), log };
}

Deno.test("loadGeoDatabases() loads both databases of a directory", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb`, city("Berlin"));
  await Deno.writeFile(`${dir.path}/GeoLite2-ASN.mmdb`, ASN);
  const { resolver, databases, log } = await load(`${dir.path}/`);
  const record = resolver.resolve(ADDRESS);
  assertEquals([record?.city, record?.asName], ["Berlin", "Example"]);
  assertEquals(databases.place?.type, "City-Berlin");
  assertEquals(databases.place?.buildTime, Date.UTC(2026, 10, 22));
  assertEquals(databases.place?.bytes.buffer instanceof SharedArrayBuffer, true);
  assertEquals(log.lines, [
    `info: GeoIP database "${dir.path}/GeoLite2-City.mmdb" loaded: City-Berlin of 2026-11-22`,
    `info: GeoIP database "${dir.path}/GeoLite2-ASN.mmdb" loaded: ASN of 2026-11-22`,
  ]);
});

Deno.test("loadGeoDatabases() prefers the updated file", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb`, city("Old"));
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb.updated`, city("New"));
  assertEquals((await load(dir.path)).resolver.resolve(ADDRESS)?.city, "New");
});

Deno.test("loadGeoDatabases() takes the later one of a kind, and says why the others do not answer", async () => {
  await using dir = await tempDir();
  const fetched = `${dir.path}/fetched`;
  await Deno.mkdir(fetched);
  const networks = { "192.0.2.0/24": { country_code: "DE" } };
  const write = (path: string, type: string, day: number): Promise<void> =>
    Deno.writeFile(path, writeMmdb({ type, networks, buildTime: Date.UTC(2026, 10, day) }));
  await write(`${dir.path}/GeoLite2-City.mmdb`, "GeoLite2-City", 10);
  await write(`${dir.path}/dbip-city-lite.mmdb`, "DBIP-City-Lite", 10);
  await write(`${dir.path}/GeoLite2-Country.mmdb`, "GeoLite2-Country", 25);
  await write(`${fetched}/city.mmdb`, "DBIP-City-Lite", 12);
  await write(`${fetched}/asn.mmdb`, "DBIP-ASN-Lite", 12);
  const options = { fetched };
  const both = await load(dir.path, options);
  assertEquals(both.databases.place?.name, `${fetched}/city.mmdb`);
  assertEquals(both.databases.network?.name, `${fetched}/asn.mmdb`);
  assertEquals(both.resolver.credit?.text, "IP Geolocation by DB-IP");
  assertEquals(both.passedOver.map(({ name, reason }) => [name, reason]), [
    [`${dir.path}/GeoLite2-City.mmdb`, "it is older"],
    [`${dir.path}/dbip-city-lite.mmdb`, "it is older"],
    [`${dir.path}/GeoLite2-Country.mmdb`, "it knows countries alone"],
  ]);
  // What was fetched does not count where nothing is fetched.
  const own = await load(dir.path);
  assertEquals(own.databases.place?.name, `${dir.path}/GeoLite2-City.mmdb`);
  assertEquals([own.databases.network, own.resolver.credit], [null, null]);
  assertEquals(
    own.passedOver[0]?.reason,
    "it is as old, and the name of the other goes first",
  );
  assertEquals(await both.changed(), false);
  await write(`${dir.path}/GeoLite2-City.mmdb`, "GeoLite2-City", 13);
  assertEquals(await both.changed(), true);
  const later = await load(dir.path, { ...options, previous: both });
  assertEquals(later.databases.place?.name, `${dir.path}/GeoLite2-City.mmdb`);
  assert(later.databases.network === both.databases.network);
});

Deno.test("loadGeoDatabases() uses the embedded database when there is none", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/GeoLite2-ASN.mmdb`, ASN);
  for (const [directory, asName] of [[dir.path, "Example"], [`${dir.path}/absent`, ""]] as const) {
    const { resolver, databases, log } = await load(directory);
    const record = resolver.resolve(ADDRESS);
    assertEquals([record?.country, record?.located, record?.asName], ["Japan", true, asName]);
    assertEquals(databases.place?.stamp, null);
    assertEquals(log.lines.filter((line) => !line.startsWith("info: ")), []);
    const of = log.lines[0]!.replace(/\d{4}-\d\d-\d\d/, "DAY");
    assertStringIncludes(of, `in "${directory}": the embedded country database of DAY is used`);
  }
});

Deno.test("loadGeoDatabases() says what is broken and uses the others", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/GeoLite2-City.mmdb`;
  await Deno.writeFile(path, city("Berlin").slice(0, 200));
  await Deno.writeFile(`${dir.path}/GeoLite2-ASN.mmdb`, ASN);
  const { resolver, log } = await load(dir.path);
  assertEquals(resolver.resolve(ADDRESS)?.asName, "Example");
  assertEquals(resolver.resolve(ADDRESS)?.countryCode, "JP");
  assertEquals(
    log.lines[0],
    `error: Cannot use GeoIP database "${path}": it has no metadata: it is cut off, or no MaxMind ` +
      "database at all; it is left out until a good copy is in its place",
  );
  await Deno.writeFile(`${dir.path}/GeoLite2-Country.mmdb`, city("Other"));
  assertEquals((await load(dir.path)).resolver.resolve(ADDRESS)?.city, "Other");
});

Deno.test("loadGeoDatabases() goes on without any database", async () => {
  await using dir = await tempDir();
  const embedded = (): Promise<Uint8Array> => Promise.reject(new Error("not here"));
  const { resolver, databases, log } = await load(dir.path, { embedded });
  assertEquals(resolver.resolve(ADDRESS), null);
  assertEquals(databases, { place: null, network: null });
  assertEquals(
    log.lines.at(-1),
    "error: Cannot use the embedded country database: not here; clients count as unknown",
  );
});

Deno.test("loadGeoDatabases() notices that files change", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/GeoLite2-City.mmdb`;
  const empty = await load(dir.path);
  assertEquals(await empty.changed(), false);
  await Deno.writeFile(path, city("Berlin"));
  assertEquals(await empty.changed(), true);
  const berlin = await load(dir.path, { previous: empty });
  assertEquals(await berlin.changed(), false);
  await Deno.writeTextFile(`${dir.path}/README`, "no database");
  assertEquals(await berlin.changed(), false);
  await Deno.utime(path, new Date(), new Date(Date.UTC(2020, 0, 1)));
  assertEquals(await berlin.changed(), true);
  await Deno.remove(path);
  assertEquals(await berlin.changed(), true);
});

Deno.test("loadGeoDatabases() reads again only what changed", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb`, city("Berlin"));
  await Deno.writeFile(`${dir.path}/GeoLite2-ASN.mmdb`, ASN);
  const first = await load(dir.path);
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb`, city("Potsdam"));
  const second = await load(dir.path, { previous: first });
  assertEquals(second.resolver.resolve(ADDRESS)?.city, "Potsdam");
  assert(second.databases.network === first.databases.network);
  assert(second.databases.place !== first.databases.place);
  await Deno.remove(`${dir.path}/GeoLite2-City.mmdb`);
  const third = await load(dir.path, { previous: second });
  assertEquals(third.resolver.resolve(ADDRESS)?.countryCode, "JP");
  const embedded = (): Promise<Uint8Array> => Promise.reject(new Error("read again"));
  const fourth = await load(dir.path, { previous: third, embedded });
  assertEquals(fourth.resolver.resolve(ADDRESS)?.countryCode, "JP");
});

Deno.test("loadGeoDatabases() keeps a good copy when the file is replaced by a broken one", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/GeoLite2-City.mmdb`;
  await Deno.writeFile(path, city("Berlin"));
  const first = await load(dir.path);
  await Deno.writeFile(path, city("Berlin").slice(0, 100));
  const second = await load(dir.path, { previous: first });
  assertEquals(second.resolver.resolve(ADDRESS)?.city, "Berlin");
  assertEquals(await second.changed(), false);
  assertStringIncludes(second.log.lines[0]!, "the copy loaded before stays in use");
  await Deno.writeFile(path, city("Potsdam"));
  assertEquals(await second.changed(), true);
  const third = await load(dir.path, { previous: second });
  assertEquals(third.resolver.resolve(ADDRESS)?.city, "Potsdam");
});

Deno.test("createGeoResolver() makes a resolver of databases from another thread", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/GeoLite2-City.mmdb`, city("Berlin"));
  const { databases } = await load(dir.path);
  const received = structuredClone(databases);
  assert(received.place?.bytes.buffer === databases.place?.bytes.buffer || received.place !== null);
  const resolver = createGeoResolver(received, new MemoryLog());
  assertEquals(resolver.resolve(ADDRESS)?.city, "Berlin");
});

Deno.test({
  name: "loadGeoDatabases() names the permission that is missing",
  permissions: { read: false },
  async fn() {
    const { resolver, log } = await load("/usr/share/GeoIP/");
    assertEquals(resolver.resolve(ADDRESS)?.countryCode, "JP");
    assertEquals(
      log.lines[0],
      "warn: Cannot look for GeoIP databases: Deno may not read it, " +
        "allow that with --allow-read=/usr/share/GeoIP/",
    );
  },
});
