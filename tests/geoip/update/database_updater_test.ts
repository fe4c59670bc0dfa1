import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  DatabaseUpdater,
  type DatabaseUpdaterOptions,
} from "../../../lib/geoip/update/database_updater.ts";
import { updateFiles } from "../../../lib/geoip/update/update_files.ts";
import type { UpdateConfig } from "../../../lib/geoip/update/update_source.ts";
import { MmdbDatabase } from "../../../lib/geoip/mmdb_database.ts";
import { ACCOUNT, DatabaseServer } from "../../support/database_server.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { freePort } from "../../support/free_port.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { gzipped } from "../../support/packed_files.ts";
import { writeMmdb } from "../../support/mmdb_writer.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);

function city(type: string, day = 20): Uint8Array {
  return writeMmdb({
    type,
    buildTime: Date.UTC(2026, 10, day),
    networks: { "192.0.2.0/24": { country: { iso_code: "DE" }, note: `${type} of ${day}` } },
  });
}

function asn(type: string): Uint8Array {
  return writeMmdb({ type, networks: { "192.0.2.0/24": { autonomous_system_number: 64496 } } });
}

const date = (day: number): Date => new Date(Date.UTC(2026, 10, day));

/** An updater over a directory of its own, whose makers are all on loopback. */
async function setUp(
  config: Partial<UpdateConfig>,
  further: Partial<DatabaseUpdaterOptions> = {},
) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(new DatabaseServer());
  const directory = stack.use(await tempDir());
  const clock = new FakeClock(NOW);
  const log = new MemoryLog();
  const current: UpdateConfig = {
    ...{ geoipUpdate: "off", geoipAccountId: "", geoipLicenseKey: "" },
    ...config,
  };
  const state = { config: current, placed: 0 };
  const path = `${directory.path}/geoip`;
  const start = (): DatabaseUpdater =>
    stack.use(
      new DatabaseUpdater({
        config: () => state.config,
        files: updateFiles(() => path),
        fetch: (url, init) => fetch(server.here(url), init),
        placed: () => {
          state.placed++;
          return Promise.resolve();
        },
        userAgent: "Mirrorbits/test",
        log,
        clock,
        ...further,
      }),
    );
  return {
    ...{ server, clock, log, state, path, start, updater: start() },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const typeOf = (path: string): string => new MmdbDatabase(Deno.readFileSync(path)).type;

/** Names of the files in a directory. */
const filesIn = (path: string): string[] =>
  [...Deno.readDirSync(path)].map((one) => one.name).sort();

Deno.test("DatabaseUpdater fetches both databases of DB-IP, last month's where this month's is missing", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { server, updater, path, log, state } = test;
  await server.publishDbip("city", "2026-10", city("DBIP-City-Lite"), date(1));
  await server.publishDbip("asn", "2026-11", asn("DBIP-ASN-Lite (compat=GeoLite2-ASN)"), date(2));
  const status = await updater.update();
  assertEquals(status, { source: "DB-IP", checkedAt: NOW, nextAt: NOW + DAY, failure: null });
  assertEquals(server.requests, [
    "GET /free/dbip-city-lite-2026-11.mmdb.gz",
    "GET /free/dbip-city-lite-2026-10.mmdb.gz",
    "GET /free/dbip-asn-lite-2026-11.mmdb.gz",
  ]);
  assertEquals(filesIn(path), ["asn.mmdb", "city.mmdb", "state.json"]);
  assertEquals(typeOf(`${path}/city.mmdb`), "DBIP-City-Lite");
  assertEquals(typeOf(`${path}/asn.mmdb`), "DBIP-ASN-Lite (compat=GeoLite2-ASN)");
  assertEquals(state.placed, 1);
  assertEquals(log.lines.length, 2);
  assertStringIncludes(log.lines[0]!, "GeoIP database DBIP-City-Lite fetched from https://down");
});

Deno.test("DatabaseUpdater asks once a day whether there is something newer, also after a restart", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { server, clock, start, path, state } = test;
  await server.publishDbip("city", "2026-11", city("DBIP-City-Lite"), date(1));
  await server.publishDbip("asn", "2026-11", asn("DBIP-ASN-Lite"), date(2));
  test.updater.start();
  const checked = (updater: DatabaseUpdater, at: number): Promise<unknown> =>
    waitFor(async () => (await updater.status()).checkedAt === at, { what: "a look" });
  await checked(test.updater, NOW);
  server.requests.length = 0;
  await test.updater[Symbol.asyncDispose]();
  const again = start();
  again.start();
  assertEquals((await again.status()).nextAt, NOW + DAY);
  clock.tick(DAY - 60_000);
  await again.status();
  assertEquals(server.requests, []);
  clock.tick(60_000);
  await checked(again, NOW + DAY);
  assertEquals(server.requests, [
    "GET /free/dbip-city-lite-2026-11.mmdb.gz conditional",
    "GET /free/dbip-asn-lite-2026-11.mmdb.gz conditional",
  ]);
  assertEquals(state.placed, 1);
  // A newer one comes.
  await server.publishDbip("city", "2026-11", city("DBIP-City-Lite", 23), date(23));
  clock.tick(DAY);
  // While the last look still notes when it was, no other begins.
  await waitFor(() => {
    again.look();
    return state.placed === 2;
  }, { what: "the newer one" });
  const { buildTime } = new MmdbDatabase(Deno.readFileSync(`${path}/city.mmdb`));
  assertEquals(buildTime, +date(23));
});

Deno.test("DatabaseUpdater takes it as unchanged when a server heeds no condition", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { server, updater, state } = test;
  const body = new Uint8Array(await gzipped(city("DBIP-City-Lite")));
  server.answer = ({ url }) =>
    url.includes("city")
      ? new Response(body, { headers: { "last-modified": date(1).toUTCString() } })
      : null;
  await server.publishDbip("asn", "2026-11", asn("DBIP-ASN-Lite"), date(2));
  await updater.update();
  await updater.update();
  assertEquals(state.placed, 1);
});

Deno.test("DatabaseUpdater fetches the databases of MaxMind, and sends the key to nobody else", async () => {
  await using test = await setUp({
    ...{ geoipUpdate: "maxmind", geoipAccountId: ACCOUNT.id, geoipLicenseKey: ACCOUNT.key },
  });
  const { server, updater, path, log } = test;
  await server.publishMaxmind("GeoLite2-City", city("GeoLite2-City"), date(20));
  await server.publishMaxmind("GeoLite2-ASN", asn("GeoLite2-ASN"), date(20));
  assertEquals((await updater.update()).failure, null);
  assertEquals(typeOf(`${path}/city.mmdb`), "GeoLite2-City");
  assertEquals(typeOf(`${path}/asn.mmdb`), "GeoLite2-ASN");
  assertEquals(server.requests.slice(0, 4), [
    "GET /geoip/databases/GeoLite2-City/download?suffix=tar.gz password",
    "GET /signed/GeoLite2-City.tar.gz?X-Amz-Signature=0123",
    "GET /geoip/databases/GeoLite2-City/download?suffix=tar.gz.sha256 password",
    "GET /signed/GeoLite2-City.tar.gz.sha256?X-Amz-Signature=0123",
  ]);
  server.requests.length = 0;
  assertEquals((await updater.update()).failure, null);
  assertEquals(server.requests.length, 4);
  assert(server.requests.every((request) => request.includes("conditional")));
  const told = [...log.lines, Deno.readTextFileSync(`${path}/state.json`)].join("\n");
  assertEquals(/s3cret|Signature|MTIz/.test(told), false, told);
});

Deno.test("DatabaseUpdater keeps what is there, and says once what is wrong", async () => {
  await using test = await setUp({
    ...{ geoipUpdate: "maxmind", geoipAccountId: ACCOUNT.id, geoipLicenseKey: ACCOUNT.key },
  });
  const { server, updater, path, log, state, clock } = test;
  await server.publishMaxmind("GeoLite2-ASN", asn("GeoLite2-ASN"), date(20));
  await server.publishMaxmind("GeoLite2-City", city("GeoLite2-City"), date(20));
  await updater.update();
  const before = Deno.readFileSync(`${path}/city.mmdb`);
  const fails = async (said: string): Promise<void> => {
    log.lines.length = 0;
    const first = await updater.update();
    assertStringIncludes(first.failure ?? "", said);
    assertEquals(log.lines.length, 1, log.lines.join("\n"));
    assertStringIncludes(log.lines[0]!, said);
    assertEquals(/s3cret|Signature/.test(log.lines[0]!), false);
    await updater.update();
    assertEquals(log.lines.length, 1, log.lines.join("\n"));
    assertEquals(Deno.readFileSync(`${path}/city.mmdb`), before);
    assertEquals(filesIn(path), ["asn.mmdb", "city.mmdb", "state.json"]);
  };
  const newer = city("GeoLite2-City", 21);
  await server.publishMaxmind("GeoLite2-City", newer, date(21), "0".repeat(64));
  await fails("its SHA-256 is another");
  await server.publishMaxmind("GeoLite2-City", newer.subarray(0, 300), date(21));
  await fails("it has no metadata");
  await server.publishMaxmind("GeoLite2-City", asn("GeoLite2-ASN"), date(21));
  await fails("a database of another kind: GeoLite2-ASN");
  await server.publishMaxmind("GeoLite2-City", new Uint8Array(200_000), date(21));
  await fails("more than 20 times the bytes that came");
  server.answer = () => new Response("busy", { status: 503 });
  await fails("answers 503");
  server.answer = ({ url }) =>
    url.includes("databases") ? Response.redirect("ftp://example.org/", 302) : null;
  await fails("leads to a place that cannot be followed");
  server.answer = ({ url }) =>
    url.includes("databases")
      ? Response.redirect("https://download.maxmind.com/geoip/databases/x", 302)
      : null;
  await fails("leads on more than 5 times");
  server.answer = null;
  state.config = { ...state.config, geoipLicenseKey: "wrong" };
  await fails("answers 401: the account or its key is not accepted");
  // However often somebody asked, it is tried again in an hour.
  const { nextAt } = await updater.status();
  assertEquals(nextAt, clock.now() + HOUR);
  state.config = { ...state.config, geoipLicenseKey: ACCOUNT.key };
  await server.publishMaxmind("GeoLite2-City", newer, date(21));
  log.lines.length = 0;
  assertEquals((await updater.update()).failure, null);
  assertEquals(log.lines, [
    "info: GeoIP database GeoLite2-City fetched from " +
    "https://download.maxmind.com/geoip/databases/GeoLite2-City/download",
    "info: GeoIP databases of MaxMind can be looked for again",
  ]);
  assertEquals(Deno.readFileSync(`${path}/city.mmdb`), newer);
});

Deno.test("DatabaseUpdater tries again sooner after a failure, ever less often", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { updater, clock } = test;
  updater.start();
  const waits: number[] = [];
  for (let failures = 0; failures < 7; failures++) {
    await waitFor(async () => {
      // While the last look still notes when it was, no other begins.
      updater.look();
      return (await updater.status()).checkedAt === clock.now();
    }, { what: "a look" });
    const { nextAt, failure } = await updater.status();
    assertStringIncludes(failure ?? "", "answer 404");
    waits.push((nextAt! - clock.now()) / HOUR);
    clock.tick(nextAt! - clock.now());
  }
  assertEquals(waits, [1, 2, 4, 8, 16, 24, 24]);
});

Deno.test("DatabaseUpdater fetches from a server of one's own, in any form", async () => {
  await using test = await setUp({});
  const { server, updater, path, state, log } = test;
  const at = (name: string, body: Uint8Array): void =>
    void server.files.set(name, { body, lastModified: date(20) });
  at("/city-2026-10.mmdb", city("DBIP-City-Lite"));
  at("/asn-2026-11.mmdb", await gzipped(asn("my asn")));
  const template = `${
    server.url.replace("//", "//me:pa%20ss@")
  }/{edition}-{month}.mmdb?token=t0ken`;
  state.config = { ...state.config, geoipUpdate: template };
  assertEquals((await updater.update()).failure, null);
  assertEquals(server.requests, [
    "GET /city-2026-11.mmdb?token=t0ken password",
    "GET /city-2026-10.mmdb?token=t0ken password",
    "GET /asn-2026-11.mmdb?token=t0ken password",
  ]);
  assertEquals(filesIn(path), ["asn.mmdb", "city.mmdb", "state.json"]);
  // One database, which says itself what it is.
  at("/mine.mmdb", asn("GeoLite2-ASN"));
  state.config = { ...state.config, geoipUpdate: `${server.url}/mine.mmdb` };
  assertEquals((await updater.update()).source, `${server.url}/mine.mmdb`);
  assertEquals(typeOf(`${path}/asn.mmdb`), "GeoLite2-ASN");
  const told = [...log.lines, Deno.readTextFileSync(`${path}/state.json`)].join("\n");
  assertEquals(/pa%20ss|pa ss|t0ken/.test(told), false, told);
});

Deno.test("DatabaseUpdater looks at once when it is told another source, and at nothing when off", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { server, updater, state } = test;
  await updater.update();
  server.files.set("/mine.mmdb", { body: city("City"), lastModified: date(20) });
  server.requests.length = 0;
  updater.look();
  await updater.status();
  assertEquals(server.requests, []);
  state.config = { ...state.config, geoipUpdate: `${server.url}/mine.mmdb` };
  updater.look();
  await waitFor(() => state.placed === 1, { what: "the other source" });
  assertEquals(server.requests, ["GET /mine.mmdb"]);
  state.config = { ...state.config, geoipUpdate: "off" };
  assertEquals(await updater.update(), {
    ...{ source: null, checkedAt: null, nextAt: null, failure: null },
  });
  assertEquals(server.requests.length, 1);
});

Deno.test("DatabaseUpdater gives up a server that falls silent, and one that cannot be reached", async () => {
  await using test = await setUp({});
  const { server, updater, state, clock, path } = test;
  let silent = false;
  server.answer = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(city("City").subarray(0, 100));
          silent = true;
        },
      }),
    );
  state.config = { ...state.config, geoipUpdate: `${server.url}/mine.mmdb?token=t0ken` };
  const running = updater.update();
  await waitFor(() => {
    if (silent) clock.tick(1000);
    return silent && clock.now() > NOW + 65_000;
  }, { what: "time to pass", every: 10 });
  assertStringIncludes((await running).failure ?? "", "nothing came for 60 s");
  assertEquals(filesIn(path), ["state.json"]);
  const nobody = `http://127.0.0.1:${freePort()}/mine.mmdb`;
  state.config = { ...state.config, geoipUpdate: `${nobody}?token=t0ken` };
  const { failure } = await updater.update();
  assertEquals(failure, `${nobody} cannot be reached: connection refused`);
});

Deno.test("DatabaseUpdater ends a download when it is stopped, and tells nobody", async () => {
  await using test = await setUp({});
  const { server, updater, state, log, path } = test;
  let asked = false;
  server.answer = () => {
    asked = true;
    return new Response(new ReadableStream({ start: (one) => one.enqueue(new Uint8Array(10)) }));
  };
  state.config = { ...state.config, geoipUpdate: `${server.url}/mine.mmdb` };
  const running = updater.update();
  await waitFor(() => asked, { what: "the request" });
  await updater[Symbol.asyncDispose]();
  await running;
  assertEquals(log.lines, []);
  assertEquals(filesIn(path).filter((name) => name !== "new.part"), []);
});

Deno.test("DatabaseUpdater fetches again what somebody removed, and nothing that is there", async () => {
  await using test = await setUp({ geoipUpdate: "dbip" });
  const { server, updater, path, state } = test;
  await server.publishDbip("city", "2026-11", city("DBIP-City-Lite"), date(1));
  await server.publishDbip("asn", "2026-11", asn("DBIP-ASN-Lite"), date(1));
  await updater.update();
  await Deno.remove(`${path}/city.mmdb`);
  assertEquals((await updater.update()).failure, null);
  assertEquals(typeOf(`${path}/city.mmdb`), "DBIP-City-Lite");
  // Networks alone, while the cities are from elsewhere.
  server.files.set("/mine.mmdb", { body: asn("GeoLite2-ASN"), lastModified: date(20) });
  state.config = { ...state.config, geoipUpdate: `${server.url}/mine.mmdb` };
  await updater.update();
  const { placed } = state;
  await updater.update();
  assertEquals(state.placed, placed);
});
