import { assert, assertEquals } from "@std/assert";
import { INITIAL_STATE } from "../../../lib/catalog/mirror_state_fields.ts";
import type { GeoRecord } from "../../../lib/geo/geo_record.ts";
import { HttpSide } from "../../../lib/http/threads/side.ts";
import { BatchRecorder } from "../../../lib/stats/batch_recorder.ts";
import { CounterBuffer } from "../../../lib/stats/counter_buffer.ts";
import { HourTally } from "../../../lib/stats/hour_tally.ts";
import { requestMetrics } from "../../../lib/stats/metrics/request_metrics.ts";
import { writeMetrics } from "../../../lib/stats/metrics/write_metrics.ts";
import { pruneStats } from "../../../lib/stats/prune_stats.ts";
import { RequestTally } from "../../../lib/stats/request_tally.ts";
import { RequestTotals } from "../../../lib/stats/request_totals.ts";
import { FileCache } from "../../../lib/store/cache/file_cache.ts";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../../lib/store/sqlite/open_sqlite_store.ts";
import type { Store } from "../../../lib/store/store.ts";
import { Harness } from "../../cli/harness.ts";
import { FAKE_CONFIG, fakeServices } from "../../control/fake_services.ts";
import { CONFIG, plainRequest } from "../../http/fixtures.ts";
import { clientRecord, seededRandom } from "../../selection/fixtures.ts";
import { redisOptions } from "../../store/redis_helpers.ts";
import {
  addCopies,
  addFiles,
  listed,
  sampleFile,
  sampleMirror,
} from "../../store_contract/samples.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { Scrape } from "../../support/metrics.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import {
  BOT_PATTERN,
  COUNTRIES,
  countryOf,
  END,
  FILES,
  formatLine,
  madeLog,
  parseLine,
  START,
} from "./made_log.ts";
import { type AnsweredRequest, kindOf, ofTime, plainCount, type Tally } from "./plain_count.ts";

const DAY = 86_400_000;

/** The last minute of the month: everything is counted, and today is the last day. */
const NOW = END - 60_000;

/** Where the mirrors are; the last two are quiet: one is far behind all others, one is down. */
const MIRRORS = [
  ["berlin", "DE", 52.5, 13.4, true],
  ["paris", "FR", 48.9, 2.3, true],
  ["boston", "US", 42.4, -71.1, true],
  ["tokyo", "JP", 35.7, 139.7, true],
  ["quiet", "AQ", -82, 0, true],
  ["down", "SE", 59.3, 18.1, false],
] as const;

const PLACES: Readonly<Record<string, readonly [number, number]>> = {
  ...{ DE: [51, 10], FR: [46, 2], US: [38, -97], JP: [36, 138], BR: [-10, -55] },
  ...{ ZA: [-29, 24], SE: [62, 15], AU: [-27, 133], IS: [65, -18] },
};

function placeOf(address: string): GeoRecord | null {
  const countryCode = countryOf(address);
  if (countryCode === "") return null;
  const [latitude, longitude] = PLACES[countryCode]!;
  return clientRecord({ countryCode, latitude, longitude, continentCode: "EU" });
}

/** What a daemon has, over one store, with a clock that is stepped. */
class World implements AsyncDisposable {
  readonly clock = new FakeClock(START);
  readonly totals: RequestTotals;
  readonly answered: AnsweredRequest[] = [];
  readonly #counters: CounterBuffer;
  readonly #recorder: BatchRecorder;
  readonly #tally: RequestTally;
  readonly side: HttpSide<null>;

  private constructor(readonly store: Store) {
    const { clock } = this;
    const random = seededRandom(7);
    const tally = this.#tally = new RequestTally();
    tally.byCountry = true;
    const hours = new HourTally();
    this.totals = new RequestTotals({
      mirrors: () => 200,
      sameDownloadInterval: () => 600,
      clock,
    });
    const log = new MemoryLog();
    this.#counters = new CounterBuffer({ store, log, clock, sameDownloadInterval: () => 600 });
    this.#recorder = new BatchRecorder({
      send: (recorded) => {
        const sent = structuredClone(recorded);
        this.totals.add(sent);
        this.#counters.add(sent);
        this.#recorder.taken();
      },
      wanted: () => ({ logDir: null, logRefused: "none", logAddress: "none" }),
      ...{ tally, hours, clock },
    });
    this.side = new HttpSide<null>({
      config: {
        ...CONFIG,
        publicStats: "all",
        ignoreAgents: [BOT_PATTERN],
        metricsCountries: true,
        trustedProxies: "all",
      },
      files: new FileCache({ reader: store, maximumEntries: 1000 }),
      reader: store,
      repository: {
        list: () => Promise.resolve([]),
        read: () => Promise.resolve(null),
        namesTime: () => Promise.resolve(null),
        open: () => Promise.resolve("missing"),
        lookup: (_root, path) => Promise.resolve({ type: "missing", path }),
        oddNames: () => Promise.resolve(new Map()),
      },
      openGeo: () => ({ resolve: placeOf }),
      recorder: this.#recorder,
      ...{ tally, hours, log, random, now: clock.now, elapsed: clock.elapsed, version: "1.2.3" },
      forwarders: { add: () => {} },
      threads: () => 1,
      cut: () => {},
      after: clock.after,
      wanted: () => {},
    });
  }

  /** Fills a store with mirrors and files, and replays a log. */
  static async replay(store: Store, lines: readonly string[]): Promise<World> {
    const sizes = FILES.map(([path, size]) => sampleFile(path, { size, sha256: "ab".repeat(32) }));
    await addFiles(store, ...sizes);
    for (const [name, country, latitude, longitude, up] of MIRRORS) {
      const place = { latitude, longitude, countryCodes: [country], continentCode: "EU" };
      const id = await store.addMirror(sampleMirror(name, { ...place, enabled: true }));
      await addCopies(store, id, ...FILES.map(([path, size]) => listed(path, size)));
      await store.updateMirrorState(id, {
        ...INITIAL_STATE,
        ...{ httpUp: up, stateSince: START, lastSync: START, lastSuccessfulSync: START },
      });
    }
    const world = new World(store);
    const { side, clock } = world;
    side.receive({ type: "geoip", databases: null });
    side.receive({ type: "mirrors", mirrors: await store.mirrors() });
    side.receive({ type: "trouble", trouble: null, but: null });
    await side.prepared;
    for (const [number, line] of lines.entries()) {
      const request = parseLine(line);
      clock.tick(request.time - clock.now());
      const headers = new Headers({
        "user-agent": request.agent,
        "x-forwarded-for": request.address,
        ...(request.ranged ? { range: "bytes=0-1023" } : {}),
      });
      const response = await world.ask(request.target, headers, request.method);
      const host = new URL(response.headers.get("location") ?? "http://none/", "http://none/").host;
      const [name = ""] = host.split(".");
      world.answered.push({ ...request, status: response.status, host: name });
      // What is written meanwhile gets on.
      if (number % 200 === 0) await clock.advance(0);
    }
    clock.tick(NOW - clock.now());
    await world.settle();
    return world;
  }

  async ask(target: string, headers = new Headers(), method = "GET"): Promise<Response> {
    const info = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } } as const;
    return await this.side.handler(plainRequest(`http://host${target}`, method, headers), info);
  }

  async json(target: string): Promise<Record<string, never>> {
    const response = await this.ask(target, new Headers({ accept: "application/json" }));
    assertEquals(response.status, 200, target);
    return await response.json();
  }

  /** Has everything counted. */
  async settle(): Promise<void> {
    this.#recorder.flush();
    this.totals.addTallied(this.#tally.take());
    let flushed = false;
    void this.#counters.flush().then(() => flushed = true);
    // A write that gives others a turn waits for the clock.
    while (!flushed || !this.#counters.empty) await this.clock.advance(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#recorder[Symbol.dispose]();
    await this.#counters[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
  }
}

/** The days of the log, the first first. */
const DAYS = Array.from({ length: 30 }, (_, i) => dayOf(START + i * DAY));

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function sumOf<T>(list: readonly T[], number: (one: T) => number): number {
  return list.reduce((sum, one) => sum + number(one), 0);
}

/** Lists what is not 0, the most first, as everybody shows it. */
function ranked(tally: Tally): [string, number][] {
  return Object.entries(tally).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** Everything that is shown of thirty days against a count by hand. */
async function judge(world: World, test: Deno.TestContext): Promise<void> {
  const isBot = (agent: string): boolean => /bot\b/i.test(agent);
  const counts = plainCount(world.answered, isBot);
  const all = ofTime(counts, "");
  const ids = new Map((await world.store.mirrors()).map(({ id, name }) => [name, id]));
  const [first, last] = [DAYS[0]!, DAYS.at(-1)!];
  const mirrorsIn = (time: string) => {
    const { mirrors } = ofTime(counts, time);
    return Object.entries(mirrors).map(([name, count]) => ({ id: ids.get(name)!, name, ...count }))
      .sort((a, b) => b.downloads - a.downloads || b.bytes - a.bytes || a.id - b.id);
  };
  /** A range of days, added up by hand. */
  const ranged = (days: readonly string[]) => {
    const countries: Tally = {};
    const answers: Tally = {};
    for (const day of days) {
      const one = ofTime(counts, day);
      for (const [name, n] of Object.entries(one.countries)) {
        countries[name] = (countries[name] ?? 0) + n;
      }
      for (const [name, n] of Object.entries(one.answers)) answers[name] = (answers[name] ?? 0) + n;
    }
    const named = ranked(countries).filter(([, n]) => n >= 10);
    const ofAll = days.map((day) => ofTime(counts, day));
    return {
      downloads: sumOf(ofAll, (one) => one.downloads),
      bytes: sumOf(ofAll, (one) => one.bytes),
      bots: sumOf(ofAll, (one) => one.bots),
      ever: all.downloads,
      countries: named.map(([country, downloads]) => ({ country, downloads })),
      otherCountries: sumOf(Object.values(countries), (n) => n) - sumOf(named, ([, n]) => n),
      answers: ranked(answers).map(([answer, requests]) => ({ answer, requests })),
    };
  };
  const stepOf = (time: string) => {
    const { downloads, bytes, bots } = ofTime(counts, time);
    return { time, downloads, bytes, bots };
  };

  await test.step("the log has what it should have", () => {
    assert(all.downloads > 5_000 && all.bots > 500, JSON.stringify(all));
    assertEquals(ofTime(counts, "").mirrors.down, undefined);
    assert(Object.keys(all.answers).length >= 7, JSON.stringify(all.answers));
    assert(COUNTRIES.some((country) => (all.countries[country] ?? 0) > 0));
  });

  const services = fakeServices({
    store: world.store as never,
    now: () => NOW,
    config: () => ({ ...FAKE_CONFIG, keepStats: 0 }),
  });
  await using harness = new Harness(services);
  const run = async (...args: string[]): Promise<string> => {
    const { exit, stdout, stderr } = await harness.run(args);
    assertEquals([exit, stderr], [0, ""], args.join(" "));
    return stdout;
  };

  await test.step("/?stats and stats total: all thirty days, step by step", async () => {
    const expected = ranged(DAYS);
    const files = ranked(all.files).slice(0, 20).map(([path, downloads]) => ({ path, downloads }));
    const whole = {
      ...{ from: first, to: last, ...expected, mirrors: mirrorsIn(""), files, by: "day" },
      series: DAYS.map(stepOf),
    };
    assertEquals(await world.json(`/?stats&from=${first}&to=${last}`), whole as never);
    const range = ["-start-date", first, "-end-date", last];
    const told = JSON.parse(await run("stats", "total", "-json", "-by", "day", ...range));
    assertEquals({ ...told, files }, whole);
    const months = JSON.parse(await run("stats", "total", "-json", "-by", "month", ...range));
    assertEquals(months.series, ["2026-10", "2026-11"].map(stepOf));
    const csv = await run("stats", "total", "-csv", ...range);
    const lines = DAYS.map(stepOf).map((one) => Object.values(one).join(","));
    assertEquals(csv, ["time,downloads,bytes,bots", ...lines, ""].join("\n"));
    const text = await run("stats", "total", ...range);
    const fact = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)$`, "m").exec(text)?.[1]);
    assertEquals(
      ["Download requests", "Answers to bots", "Download requests ever"].map(fact),
      [expected.downloads, expected.bots, all.downloads],
    );
    for (const { answer, requests } of expected.answers) {
      assertEquals(fact(`Answered with ${answer.replaceAll("_", " ")}`), requests);
    }
  });

  await test.step("/?stats: each table as CSV", async () => {
    const { countries, otherCountries, answers } = ranged(DAYS);
    const tables: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
      series: DAYS.map(stepOf).map((one) => Object.values(one)),
      mirrors: mirrorsIn("").map(({ id, name, downloads, bytes }) => [id, name, downloads, bytes]),
      countries: [
        ...countries.map(({ country, downloads }) => [country || "unknown", downloads]),
        ...(otherCountries > 0 ? [["others", otherCountries]] : []),
      ],
      answers: answers.map(({ answer, requests }) => [answer, requests]),
      files: ranked(all.files).slice(0, 20),
    };
    for (const [table, rows] of Object.entries(tables)) {
      const response = await world.ask(`/?stats&from=${first}&to=${last}&csv=${table}`);
      const lines = (await response.text()).split("\n").slice(1, -1);
      assertEquals(lines, rows.map((row) => row.join(",")), table);
    }
  });

  await test.step("each day by itself, and the last two by the hour", async () => {
    for (const day of DAYS) {
      const json = await world.json(`/?stats=${day}&by=day`);
      const { downloads, bytes, bots, mirrors, countries, otherCountries, answers } = json;
      const { ever: _, ...expected } = ranged([day]);
      assertEquals(
        { downloads, bytes, bots, mirrors, countries, otherCountries, answers } as unknown,
        { ...expected, mirrors: mirrorsIn(day) },
        day,
      );
      assertEquals(
        json.files as unknown,
        ranked(ofTime(counts, day).files).slice(0, 20)
          .map(([path, downloads]) => ({ path, downloads })),
      );
    }
    const hours = Array.from(
      { length: 48 },
      (_, i) => new Date(NOW - (47 - i) * 3_600_000).toISOString().slice(0, 13),
    );
    const json = await world.json(`/?stats&by=hour&from=${DAYS.at(-2)}&to=${last}`);
    assertEquals(json.series as unknown, hours.map(stepOf));
  });

  await test.step("stats top, mirrors and countries", async () => {
    const range = ["-start-date", first, "-end-date", last];
    const top = await run("stats", "top", "-n", "5", "-csv", ...range);
    assertEquals(
      top.split("\n").slice(1, -1),
      ranked(all.files).slice(0, 5).map((row) => row.join(",")),
    );
    const mirrors = JSON.parse(await run("stats", "mirrors", "-json", ...range)).mirrors;
    assertEquals(mirrors, mirrorsIn(""));
    const steps = JSON.parse(await run("stats", "mirrors", "-by", "day", "-json", ...range)).steps;
    assertEquals(steps, DAYS.map((time) => ({ time, mirrors: mirrorsIn(time) })));
    const monthly = await run("stats", "mirrors", "-by", "month", "-csv", ...range);
    assertEquals(
      monthly.split("\n").slice(1, -1),
      ["2026-10", "2026-11"].flatMap((time) =>
        mirrorsIn(time).map(({ name, downloads, bytes }) =>
          [time, name, downloads, bytes].join(",")
        )
      ),
    );
    const countries = await run("stats", "countries", "-csv", ...range);
    const { countries: named, otherCountries } = ranged(DAYS);
    assertEquals(
      countries.split("\n").slice(1, -1).map((line) => line.split(",").slice(0, 2)),
      [
        ...named.map(({ country, downloads }) => [country || "unknown", `${downloads}`]),
        ...(otherCountries > 0 ? [["others", `${otherCountries}`]] : []),
      ],
    );
  });

  await test.step("stats mirror, stats file and FILE?stats", async () => {
    for (const [name] of MIRRORS) {
      const args = ["-json", "-start-date", first, "-end-date", last, "mirror", name];
      const { downloads, bytes } = JSON.parse(await run("stats", ...args));
      assertEquals({ downloads, bytes }, all.mirrors[name] ?? { downloads: 0, bytes: 0 }, name);
    }
    const { files, total } = JSON.parse(
      await run("stats", "-json", "-start-date", first, "-end-date", last, "file", "iso$"),
    );
    assertEquals(total, all.downloads);
    assertEquals(
      Object.fromEntries(files.map((one: { path: string; downloads: number }) => [
        one.path,
        one.downloads,
      ])),
      all.files,
    );
    const [[path = ""] = []] = ranked(all.files);
    assertEquals(await world.json(`${path}?stats`), {
      Today: ofTime(counts, last).files[path] ?? 0,
      Month: ofTime(counts, "2026-11").files[path] ?? 0,
      Year: ofTime(counts, "2026").files[path] ?? 0,
      Total: all.files[path] ?? 0,
    } as never);
  });

  await test.step("?mirrorstats: the page and its JSON", async () => {
    const today = ofTime(counts, last);
    const json = await world.json("/?mirrorstats");
    const mirrors = json.Mirrors as unknown as { Name: string; Downloads: number; Bytes: number }[];
    assertEquals([json.Downloads, json.Bytes] as unknown, [
      sumOf(Object.values(today.mirrors), ({ downloads }) => downloads),
      sumOf(Object.values(today.mirrors), ({ bytes }) => bytes),
    ]);
    for (const { Name, Downloads, Bytes } of mirrors) {
      const { downloads, bytes } = today.mirrors[Name] ?? { downloads: 0, bytes: 0 };
      assertEquals([Downloads, Bytes], [downloads, bytes], Name);
    }
    for (const period of [...DAYS, "2026-10", "2026-11", "2026"]) {
      const { Mirrors, Curve } = await world.json(`/?mirrorstats&period=${period}`) as unknown as {
        Mirrors: { Name: string; Downloads: number; Bytes: number }[];
        Curve: { Time: string; Downloads: number; Bytes: number }[];
      };
      const expected = mirrorsIn(period);
      const found = Mirrors.filter(({ Downloads }) => Downloads > 0);
      assertEquals(
        found.map(({ Name, Downloads, Bytes }) => [Name, Downloads, Bytes]).sort(),
        expected.map(({ name, downloads, bytes }) => [name, downloads, bytes]).sort(),
        period,
      );
      for (const { Time, Downloads, Bytes } of Curve) {
        const { downloads, bytes } = ofTime(counts, Time);
        assertEquals([Downloads, Bytes], [downloads, bytes], `${period} ${Time}`);
      }
      const response = await world.ask(`/?mirrorstats&period=${period}`);
      const values = [...(await response.text()).matchAll(/<data value="(\d+)"/g)];
      const numbers = values.map(([, value]) => Number(value)).sort((a, b) => a - b);
      const sums = [sumOf(expected, (one) => one.downloads), sumOf(expected, (one) => one.bytes)];
      const shown = expected.flatMap(({ downloads, bytes }) => [downloads, bytes]);
      const zeros = Array(2 * (MIRRORS.length - expected.length)).fill(0);
      assertEquals(numbers, [...sums, ...shown, ...zeros].sort((a, b) => a - b), period);
    }
  });

  await test.step("the page of each mirror", async () => {
    for (const [name] of MIRRORS) {
      const json = await world.json(`/?mirrorstats=${name}`) as unknown as {
        Counts: Record<string, { Downloads: number; Bytes: number }>;
        Days: { Time: string; Downloads: number; Bytes: number }[];
        Rank: { Today: number };
      };
      const of = (time: string) => {
        const { downloads, bytes } = ofTime(counts, time).mirrors[name] ??
          { downloads: 0, bytes: 0 };
        return { Downloads: downloads, Bytes: bytes };
      };
      assertEquals(json.Counts, {
        Today: of(last),
        Month: of("2026-11"),
        Year: of("2026"),
        Total: of(""),
      });
      assertEquals(json.Days, DAYS.map((Time) => ({ Time, ...of(Time) })));
      const better = mirrorsIn(last).filter((one) => one.downloads > of(last).Downloads).length;
      assertEquals(json.Rank.Today, better + 1);
    }
  });

  await test.step("the metrics", async () => {
    await world.settle();
    const names = new Map([...ids].map(([name, id]) => [id, name]));
    const { body } = await writeMetrics(requestMetrics(world.totals, names, true), false);
    const scrape = new Scrape(body);
    const redirects: Tally = {};
    const answers: Tally = {};
    for (const request of world.answered) {
      const kind = kindOf(request);
      answers[kind] = (answers[kind] ?? 0) + 1;
      if (kind === "redirect") redirects[request.host] = (redirects[request.host] ?? 0) + 1;
    }
    assertEquals(scrape.by("mirrorbits_redirects_total", "mirror"), redirects);
    assertEquals(
      scrape.by("mirrorbits_bytes_total", "mirror"),
      Object.fromEntries(Object.entries(all.mirrors).map(([name, { bytes }]) => [name, bytes])),
    );
    const told = scrape.by("mirrorbits_requests_total", "answer");
    // What was asked above was counted, too.
    const own = ["json", "list", "stats", "file", "local"];
    for (const [kind, count] of Object.entries(answers)) {
      if (own.includes(kind)) assert(told[kind]! >= count, kind);
      else assertEquals(told[kind], count, kind);
    }
  });

  await test.step("what is pruned is not missed", async () => {
    const { series, removed } = await pruneStats(world.store, {
      ...{ keepStats: 62, now: NOW, dryRun: false },
    });
    assertEquals([series.length > 600, removed! > 600], [true, true]);
    assertEquals(
      (await world.store.countedPeriods()).series.filter((time) => time.length > 10).length,
      48,
    );
    const args = ["-json", "-by", "day", "-start-date", first, "-end-date", last];
    const told = JSON.parse(await run("stats", "total", ...args));
    assertEquals(told.series, DAYS.map(stepOf));
  });
}

const lines = madeLog(20_261_024, 12_000).map(formatLine);

Deno.test("thirty days in the embedded store: every figure is that of a plain count", async (test) => {
  await using directory = await tempDir();
  const clock = { now: START };
  const store = await openSqliteStore({
    ...{ path: `${directory.path}/mirrorbits.db`, log: new MemoryLog(), now: () => clock.now },
  });
  await using world = await World.replay(store, lines);
  clock.now = NOW;
  await judge(world, test);
});

Deno.test("thirty days in Redis: every figure is that of a plain count", async (test) => {
  await using server = await RedisServer.start();
  const store = await openRedisStore(redisOptions(server.port));
  await using world = await World.replay(store, lines);
  await judge(world, test);
});
