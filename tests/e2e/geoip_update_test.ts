import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { connectProxy } from "../support/connect_proxy.ts";
import { Daemon } from "../support/daemon.ts";
import { ACCOUNT, DATABASE_HOSTS, DatabaseServer } from "../support/database_server.ts";
import { writeMmdb } from "../support/mmdb_writer.ts";
import { tempDir } from "../support/temp_dir.ts";
import { tlsFront } from "../support/tls_front.ts";
import { waitFor } from "../support/wait_for.ts";
import { PLACES, Sample } from "./sample.ts";
import { reconfigure, SteadyLoad } from "./steady_load.ts";

const FILE = "/README.txt";

/** A city database in which the client of the Netherlands is in Japan. */
function japan(type: string, buildTime: number): Uint8Array {
  const place = {
    country: { iso_code: "JP", names: { en: "Japan" } },
    continent: { code: "AS" },
    city: { names: { en: "Nara" } },
    location: { latitude: 34.7, longitude: 135.8 },
  };
  return writeMmdb({ type, buildTime, networks: { "193.0.0.0/16": place } });
}

const DAY = 86_400_000;

Deno.test("a daemon fetches databases, uses them without a pause, and says so on every face", async () => {
  await using server = new DatabaseServer();
  const now = Date.now();
  const recent = new Date(now - 3 * DAY);
  const asn = writeMmdb({
    type: "DBIP-ASN-Lite (compat=GeoLite2-ASN)",
    buildTime: now - 70 * DAY,
    networks: {
      "193.0.0.0/16": {
        autonomous_system_number: 64496,
        autonomous_system_organization: "Example",
      },
    },
  });
  const month = new Date(now).toISOString().slice(0, 7);
  await server.publishDbip("city", month, japan("DBIP-City-Lite", +recent), recent);
  await server.publishDbip("asn", month, asn, recent);
  await using sample = await Sample.start("embedded", {
    Workers: 2,
    // Beside what is fetched, and not the same directory.
    GeoipDatabasePath: "/nowhere/geoip",
  });
  const { daemon, directory } = sample;
  const ask = (headers: Record<string, string> = {}): Promise<Response> =>
    daemon.get(FILE, { "X-Forwarded-For": PLACES.nl.client, ...headers });
  assertStringIncludes((await ask()).headers.get("location") ?? "", sample.servers.nl.url);
  assertMatch(await daemon.ok("geoip"), /^Updates: +off \(GeoipUpdate\)$/m);
  assertEquals((await daemon.cli("geoip", "-update")).code, 1);

  await using load = new SteadyLoad(() => daemon.address, FILE);
  const template = `${server.url}/free/dbip-{edition}-lite-{month}.mmdb.gz?token=t0ken`;
  await reconfigure(daemon, { GeoipUpdate: template });
  await waitFor(
    async () => (await ask()).headers.get("location")?.startsWith(sample.servers.jp.url),
    { what: "the databases to be used", every: 100 },
  );
  await load.more(50);
  assertEquals(load.failures, []);

  const told = await daemon.ok("geoip", PLACES.nl.client);
  const day = recent.toISOString().slice(0, 10);
  assertStringIncludes(told, `DBIP-City-Lite of ${day}, ${directory}/geoip/city.mmdb`);
  assertMatch(told, /Warning: +DBIP-ASN-Lite \(compat=GeoLite2-ASN\) is 70 days old/);
  const from = `${server.url}/free/dbip-{edition}-lite-{month}.mmdb.gz`;
  assertStringIncludes(told, `from ${from}, looked for `);
  assertStringIncludes(told, "Nara, Japan (JP), AS, 34.7 135.8, AS64496 Example");
  assertMatch(await daemon.ok("health"), /^GeoIP: +DBIP-City-Lite of .*, but DBIP-ASN-.* old$/m);
  assertStringIncludes(daemon.log, "GeoIP databases are not kept current: DBIP-ASN-Lite");
  const metrics = await (await fetch(`http://127.0.0.1:${daemon.cliArgs[1]}/metrics`)).text();
  assertMatch(metrics, /mirrorbits_geoip_build_timestamp_seconds\{.*type="DBIP-City-Lite"\} \d/);

  // The licence wants its makers named, below whatever footer there is.
  const page = async (): Promise<string> =>
    await (await daemon.get("/?mirrorstats", { Accept: "text/html" })).text();
  assertStringIncludes(await page(), '<a href="https://db-ip.com">IP Geolocation by DB-IP</a>');
  assertStringIncludes(
    await (await daemon.get("/none", { Accept: "text/html" })).text(),
    "IP Geolocation by DB-IP",
  );

  // Nothing is newer; then something is, and it is broken.
  server.requests.length = 0;
  await daemon.ok("geoip", "-update");
  assertEquals(server.requests.map((request) => request.split(" ").at(-1)), [
    "conditional",
    "conditional",
  ]);
  const later = new Date(now);
  await server.publishDbip("city", month, new Uint8Array(400).fill(7), later);
  const failed = await daemon.cli("geoip", "-update");
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stdout, "failed: ");
  assertMatch(
    daemon.log,
    /Cannot update GeoIP databases from .*what is there stays: .*no metadata/,
  );
  assertStringIncludes((await ask()).headers.get("location") ?? "", sample.servers.jp.url);

  const files = [...Deno.readDirSync(`${directory}/geoip`)].map(({ name }) => name).sort();
  assertEquals(files, ["asn.mmdb", "city.mmdb", "state.json"]);
  const state = Deno.readTextFileSync(`${directory}/geoip/state.json`);
  assertEquals(/t0ken/.test(daemon.log + told + state + failed.stdout), false);
  const { net } = JSON.parse(
    await daemon.ok(
      "permissions",
      "-json",
      "-known-mirrors",
      "-config",
      `${directory}/mirrorbits.conf`,
    ),
  );
  assert(net.includes(new URL(server.url).host), net.join(" "));

  // A restart has what was fetched, and asks nobody before a day is over.
  await server[Symbol.asyncDispose]();
  await daemon.stop();
  await daemon.start({ GeoipUpdate: template });
  await waitFor(
    async () => (await ask()).headers.get("location")?.startsWith(sample.servers.jp.url),
    { what: "the mirrors to be up", every: 100 },
  );
  // What was fetched counts no more where nothing is fetched.
  await reconfigure(daemon, { GeoipUpdate: "off" });
  await waitFor(
    async () => (await ask()).headers.get("location")?.startsWith(sample.servers.nl.url),
    { what: "the embedded database", every: 100 },
  );
  await waitFor(async () => !(await page()).includes("DB-IP"), { what: "the footer of before" });
});

Deno.test("a daemon fetches from DB-IP and from MaxMind, by HTTPS and through CheckProxy", async () => {
  await using directory = await tempDir();
  await using server = new DatabaseServer();
  await using front = await tlsFront(Number(new URL(server.url).port), DATABASE_HOSTS);
  await using proxy = connectProxy(front.port);
  const now = Date.now();
  const built = now - 3 * DAY;
  const asn = (type: string) =>
    writeMmdb({
      ...{ type, buildTime: built },
      networks: { "193.0.0.0/16": { autonomous_system_number: 64496 } },
    });
  const month = new Date(now).toISOString().slice(0, 7);
  await server.publishDbip("city", month, japan("DBIP-City-Lite", built), new Date(built));
  await server.publishDbip("asn", month, asn("DBIP-ASN-Lite"), new Date(built));
  const later = built + DAY;
  await server.publishMaxmind("GeoLite2-City", japan("GeoLite2-City", later), new Date(later));
  await server.publishMaxmind("GeoLite2-ASN", asn("GeoLite2-ASN"), new Date(later));
  await Deno.mkdir(`${directory.path}/repository`);
  const config = {
    Repository: `${directory.path}/repository`,
    GeoipDatabasePath: "/nowhere/geoip",
    CheckProxy: proxy.url,
  };
  await using daemon = new Daemon({
    directory: directory.path,
    config: { ...config, GeoipUpdate: "dbip" },
    env: { SSL_CERT_FILE: front.certificateFile },
  });
  await daemon.start();
  const answers = async (text: string): Promise<void> => {
    await waitFor(async () => (await daemon.ok("geoip", PLACES.nl.client)).includes(text), {
      what: text,
      every: 200,
    });
  };
  await answers("DBIP-City-Lite of ");
  await answers("Nara, Japan (JP), AS, 34.7 135.8, AS64496");
  assertEquals([...proxy.asked], ["download.db-ip.com:443"]);

  const maxmind = { GeoipUpdate: "maxmind", GeoipAccountID: ACCOUNT.id };
  await reconfigure(daemon, { ...maxmind, GeoipLicenseKey: "wr0ng_key" });
  await answers("answers 401: the account or its key is not accepted");
  for (let times = 0; times < 3; times++) {
    assertEquals((await daemon.cli("geoip", "-update")).code, 1);
  }
  assertEquals(daemon.log.match(/Cannot update GeoIP databases/g)?.length, 1, daemon.log);
  await reconfigure(daemon, { ...maxmind, GeoipLicenseKey: ACCOUNT.key });
  const updated = await daemon.ok("geoip", "-update");
  assertStringIncludes(updated, "GeoLite2-City of ");
  assertStringIncludes(updated, "GeoLite2-ASN of ");
  assertEquals(proxy.asked, new Set(DATABASE_HOSTS.map((host) => `${host}:443`)));
  assertEquals(/wr0ng_key|s3cret_key|Signature/.test(daemon.log + updated), false);
});
