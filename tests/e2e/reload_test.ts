import { assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { writeMmdb } from "../support/mmdb_writer.ts";
import { type CommandResult, Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { SentinelGroup } from "../support/sentinel_group.ts";
import { waitFor } from "../support/wait_for.ts";
import { FILES, PLACES, Sample, writeFile } from "./sample.ts";
import { reconfigure, SteadyLoad } from "./steady_load.ts";

const FILE = "/README.txt";
const FALLBACK = { URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" };

/** Keys with values that are not those of the sample, and what shows from outside that they hold. */
interface Row {
  readonly keys: Readonly<Record<string, unknown>>;
  /** Prepares what the effect needs. */
  readonly before?: (sample: Sample) => Promise<unknown>;
  readonly effect: (sample: Sample) => Promise<boolean> | boolean;
}

const get = (sample: Sample, path: string, headers: Record<string, string> = {}) =>
  sample.daemon.get(path, { "X-Forwarded-For": PLACES.nl.client, ...headers });

/** The list of mirrors for a file as JSON. */
async function mirrorList(
  sample: Sample,
  path = FILE,
  headers: Readonly<Record<string, string>> = {},
  // deno-lint-ignore no-explicit-any -- the members of the answer are many
): Promise<any> {
  const all = { Accept: "application/json", ...headers };
  return await (await get(sample, `${path}?mirrorlist`, all)).json();
}

const logged = (sample: Sample, text: string | RegExp): boolean =>
  typeof text === "string" ? sample.daemon.log.includes(text) : text.test(sample.daemon.log);

/** A scan that waits for one that never ends, and is let in beside it. */
function oneMoreScan(): Row {
  const silent = new AsyncDisposableStack();
  let endless: Promise<CommandResult>;
  let waiting: Promise<CommandResult>;
  return {
    keys: { ConcurrentSync: 2 },
    before: async ({ daemon }) => {
      await reconfigure(daemon, { ConcurrentSync: 1 });
      const listener = silent.adopt(
        Deno.listen({ hostname: "127.0.0.1", port: 0 }),
        (listener) => listener.close(),
      );
      const url = `rsync://127.0.0.1:${listener.addr.port}/silent/`;
      await daemon.ok("add", "-http", "http://127.0.0.1:1/", "-rsync", url, "silent");
      endless = daemon.cli("scan", "silent");
      silent.adopt(await listener.accept(), (connection) => connection.close());
      const scans = daemon.log.split("Scan of us: ").length;
      waiting = daemon.cli("scan", "us");
      await daemon.ok("list");
      assertEquals(daemon.log.split("Scan of us: ").length, scans);
    },
    effect: async ({ daemon }) => {
      assertEquals((await waiting).code, 0);
      await silent.disposeAsync();
      assertEquals((await endless).code, 1);
      await daemon.ok("remove", "-f", "silent");
      return true;
    },
  };
}

const ROWS: readonly Row[] = [
  {
    keys: { OutputMode: "json" },
    effect: async (sample) => (await get(sample, FILE)).status === 200,
  },
  {
    keys: { Gzip: true },
    effect: async (sample) => {
      const { address } = sample.daemon;
      const { stdout } = await new Deno.Command("curl", {
        args: ["-sD-", "-o/dev/null", "-HAccept-Encoding: gzip", `http://${address}/?mirrorstats`],
      }).output();
      return /^content-encoding: gzip/im.test(new TextDecoder().decode(stdout));
    },
  },
  {
    keys: { MaxLinkHeaders: 0 },
    effect: async (sample) => (await get(sample, FILE)).headers.get("link") === null,
  },
  {
    keys: { LocalJSPath: "http://js.example/" },
    effect: async (sample) => (await mirrorList(sample)).LocalJSPath === "http://js.example/",
  },
  {
    keys: { GeographicalSort: false, WeightDistributionRange: 1e6 },
    effect: async (sample) => {
      const shares = (await mirrorList(sample)).MirrorList.map((
        { Share }: { readonly Share: number },
      ) => Math.round(Share));
      return shares.length === 3 && Math.max(...shares) - Math.min(...shares) <= 1;
    },
  },
  {
    keys: { AllowOutdatedFiles: [{ Prefix: "/changed.bin", Minutes: 120 }] },
    effect: async (sample) =>
      (await mirrorList(sample, "/changed.bin")).MirrorList.some(
        ({ Name }: { readonly Name: string }) => Name === "jp",
      ),
  },
  {
    keys: { Fallbacks: [{ ...FALLBACK, URL: "http://other.example/" }] },
    effect: async (sample) =>
      (await get(sample, "/unscanned.bin")).headers.get("location") ===
        "http://other.example/unscanned.bin",
    before: (sample) => writeFile(sample.repository, "/unscanned.bin"),
  },
  {
    keys: { ServeLocally: { Patterns: ["*.bin"] } },
    effect: async (sample) => (await get(sample, "/changed.bin")).status === 200,
  },
  {
    keys: { Directories: "list", Exclude: ["/pool/3/"] },
    effect: async (sample) => {
      const page = await get(sample, "/pool/");
      const text = await page.text();
      return page.status === 200 && text.includes("./2/") && !text.includes("./3/");
    },
  },
  {
    keys: { SameDownloadInterval: 0 },
    effect: async (sample) => {
      for (let i = 0; i < 3; i++) {
        await get(sample, "/pool/1/file-1.tar.gz", { Range: "bytes=0-1" });
      }
      const stats = await sample.daemon.ok("stats", "file", "file-1");
      return Number(/file-1\.tar\.gz: +(\d+)$/m.exec(stats)?.[1]) > 2;
    },
  },
  {
    keys: { TrustedProxies: ["192.0.2.0/24"] },
    effect: async (sample) => (await mirrorList(sample)).ClientInfo?.CountryCode !== "NL",
  },
  {
    keys: { Templates: "{directory}/pages" },
    before: async ({ directory }) => {
      await Deno.mkdir(`${directory}/pages`);
      await Deno.writeTextFile(`${directory}/pages/footer.html`, "<p>Ours</p>");
    },
    effect: async (sample) =>
      (await (await get(sample, "/?mirrorstats", { Accept: "text/html" })).text()).includes("Ours"),
  },
  {
    keys: { LogDir: "{directory}/log" },
    before: ({ directory }) => Deno.mkdir(`${directory}/log`),
    effect: async ({ directory }) =>
      (await Deno.readTextFile(`${directory}/log/downloads.log`)).includes(FILE),
  },
  {
    keys: { GeoipDatabasePath: "{directory}/elsewhere" },
    before: async ({ directory }) => {
      await Deno.mkdir(`${directory}/elsewhere`);
      const japan = {
        country: { iso_code: "JP", names: { en: "Japan" } },
        continent: { code: "AS" },
        location: { latitude: 36, longitude: 138 },
      };
      const networks = { "193.0.0.0/16": japan };
      await Deno.writeFile(
        `${directory}/elsewhere/GeoLite2-City.mmdb`,
        writeMmdb({ type: "GeoLite2-City", networks }),
      );
    },
    effect: async (sample) => (await mirrorList(sample)).MirrorList[0].Name === "jp",
  },
  {
    keys: { Hashes: { SHA256: true, MD5: true } },
    effect: async (sample) => {
      await writeFile(sample.repository, "/hashed.bin");
      await sample.daemon.ok("refresh");
      return /^[0-9a-f]{32} /.test(await (await get(sample, "/hashed.bin?md5")).text());
    },
  },
  {
    keys: { RepositoryScanInterval: 5, WatchRepository: true },
    effect: async (sample) => {
      // What changed before the watch began is not seen, and each change puts the scan off.
      const path = `/watched-${Math.floor(Date.now() / 4000)}.bin`;
      const written = await Deno.stat(sample.repository + path).then(() => true, () => false);
      if (!written) await writeFile(sample.repository, path);
      return (await get(sample, `${path}?sha256`)).status === 200;
    },
  },
  {
    keys: { CheckInterval: 0 },
    effect: ({ servers }) => {
      const seen = servers.us.requests.length;
      return waitFor(() => servers.us.requests.length > seen + 2, { what: "health checks" })
        .then(() => true);
    },
  },
  {
    keys: { ScanInterval: 0 },
    effect: (sample) => [...sample.daemon.log.matchAll(/Scan of us: /g)].length > 3,
  },
  {
    keys: { FixTimezoneOffsets: true },
    before: async ({ directory }) => {
      for (const path of FILES.filter((path) => path !== "/changed.bin")) {
        const { mtime } = await Deno.stat(`${directory}/us${path}`).catch(() => ({ mtime: null }));
        if (mtime === null) continue;
        const shifted = new Date(mtime.getTime() + 7_200_000);
        await Deno.utime(`${directory}/us${path}`, shifted, shifted);
      }
    },
    effect: async ({ daemon }) => (await daemon.ok("scan", "us")).includes("Timezone offset"),
  },
  {
    keys: { TraceFileLocation: "trace" },
    before: ({ directory }) => Deno.writeTextFile(`${directory}/nl/trace`, "1750000000\n"),
    effect: async ({ daemon, servers }) => {
      await daemon.ok("scan", "nl");
      return servers.nl.requests.includes("GET /trace");
    },
  },
  {
    keys: { CheckInterval: 0, DisallowRedirects: true },
    before: ({ servers }) => {
      servers.nl.answer = () => Response.redirect("http://192.0.2.1/");
      return Promise.resolve();
    },
    effect: async ({ daemon, servers }) => {
      const down = /^nl +down +.*Unauthorized redirect/m.test(await daemon.ok("list"));
      if (down) servers.nl.answer = null;
      return down;
    },
  },
  {
    keys: { CheckInterval: 0, DisableOnMissingFile: true },
    before: async (sample) => {
      await sample.waitForState("nl", "up");
      sample.servers.jp.answer = () => new Response("", { status: 404 });
    },
    effect: async ({ daemon, servers }) => {
      const disabled = /^jp +disabled/m.test(await daemon.ok("list"));
      if (disabled) {
        servers.jp.answer = null;
        await daemon.ok("enable", "jp");
      }
      return disabled;
    },
  },
  {
    keys: { AllowHTTPToHTTPSRedirects: false },
    before: ({ daemon }) => daemon.ok("edit", "nl", "-set", "HttpURL=https://127.0.0.1:1/"),
    effect: async (sample) => {
      const { ExcludedList } = await mirrorList(sample, FILE, { "X-Forwarded-Proto": "http" });
      const excluded = ExcludedList?.find(
        ({ Name }: { readonly Name: string }) => Name === "nl",
      );
      if (excluded?.ExcludeReason !== "Not HTTP") return false;
      await sample.daemon.ok("edit", "nl", "-set", `HttpURL=${sample.servers.nl.url}`);
      return true;
    },
  },
  {
    keys: { CheckInterval: 0, CheckProxy: "http://127.0.0.1:1" },
    effect: async ({ daemon }) => /^nl +down +.*Unreachable/m.test(await daemon.ok("list")),
  },
  oneMoreScan(),
  {
    keys: { Repository: "{directory}/second" },
    before: ({ directory }) => writeFile(`${directory}/second`, FILE),
    effect: (sample) => logged(sample, /Source scan: 1 files/),
  },
  {
    keys: { Workers: 1 },
    effect: async ({ daemon }) => /1 thread$/m.test(await daemon.ok("health")),
  },
  {
    keys: { Workers: 0 },
    effect: (sample) => logged(sample, "on the main thread"),
  },
];

/** Puts the directory of the sample into the values. */
function placed(keys: Row["keys"], directory: string): Row["keys"] {
  return JSON.parse(JSON.stringify(keys).replaceAll("{directory}", directory));
}

Deno.test("each key takes effect with a reload, and no request fails meanwhile", async (test) => {
  await using sample = await Sample.start("embedded", {
    Workers: 2,
    Fallbacks: [FALLBACK],
    CheckInterval: 60,
    RepositoryScanInterval: 0,
  });
  const { daemon, directory } = sample;
  await using load = new SteadyLoad(() => daemon.address, FILE);
  for (const { keys, before, effect } of ROWS) {
    await test.step(Object.keys(keys).join(", "), async () => {
      await before?.(sample);
      await reconfigure(daemon, placed(keys, directory));
      await waitFor(async () => await effect(sample).valueOf(), {
        what: `the effect of ${JSON.stringify(keys)}`,
        every: 100,
      });
      await load.more(50);
      assertEquals(load.failures, []);
    });
  }
});

Deno.test("the control API moves with a reload, and its password changes", async () => {
  await using sample = await Sample.start("embedded", { Fallbacks: [FALLBACK] });
  const { daemon } = sample;
  const port = freePort();
  const there = ["-p", `${port}`];
  await reconfigure(daemon, { RPCListenAddress: `127.0.0.1:${port}` });
  assertMatch(await daemon.ok(...there, "list"), /^nl +up/m);
  await waitFor(async () => (await daemon.cli("version")).code === 1, { what: "the old port" });
  daemon.configure({ RPCListenAddress: `127.0.0.1:${port}`, RPCPassword: "secret" });
  await daemon.ok(...there, "reload");
  assertEquals((await daemon.cli(...there, "list")).code, 1);
  assertMatch(await daemon.ok(...there, "-P", "secret", "list"), /^nl +up/m);
  // Back on the old port.
  daemon.configure({});
  await daemon.ok(...there, "-P", "secret", "reload");
  assertMatch(await daemon.ok("list"), /^nl +up/m);
});

Deno.test("another store takes over with a reload, and no request fails meanwhile", async (test) => {
  await using sample = await Sample.start("embedded", { Workers: 2, Fallbacks: [FALLBACK] });
  await using redis = await RedisServer.start();
  await using guarded = await RedisServer.start("--requirepass", "secret");
  await using group = await SentinelGroup.start();
  const { daemon, directory } = sample;
  await using load = new SteadyLoad(() => daemon.address, FILE);
  const RedisAddress = `127.0.0.1:${redis.port}`;
  const stores: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ DatabasePath: `${directory}/second/mirrorbits.db` }, /SQLite .* at \S+\/second\//],
    [{ RedisAddress }, /Redis .*, database 0/],
    [{ RedisAddress, RedisDB: 3 }, /Redis .*, database 3/],
    [
      { RedisAddress: `127.0.0.1:${guarded.port}`, RedisPassword: "secret" },
      new RegExp(`Redis .*:${guarded.port}`),
    ],
    [
      {
        RedisSentinelMasterName: group.masterName,
        RedisSentinels: group.ports.map((port) => ({ Host: `127.0.0.1:${port}` })),
      },
      new RegExp(`Redis .*:${group.servers[0].port}`),
    ],
    [{}, /SQLite .* at \S+\/mirrorbits\.db/],
  ];
  for (const [keys, store] of stores) {
    // The library for Redis reads the whole environment, which the executable has given up.
    if (Daemon.isExecutable && Object.keys(keys).some((key) => key.startsWith("Redis"))) continue;
    await test.step(Object.keys(keys).join(", ") || "back", async () => {
      await reconfigure(daemon, keys);
      assertMatch(await daemon.ok("health"), store);
      await load.more(200);
      assertEquals(load.failures, []);
    });
  }
  // The first store has what it had.
  await sample.waitForState("nl", "up");
  assertEquals((await sample.redirect(FILE, "nl")).mirror, "nl");
  assertEquals(await daemon.stop(), 0);
});

Deno.test("the address changes with a reload, and no request fails meanwhile", async () => {
  await using sample = await Sample.start("embedded", { Workers: 2, Fallbacks: [FALLBACK] });
  const { daemon } = sample;
  let address = daemon.address;
  await using load = new SteadyLoad(() => address, FILE);
  for (const host of ["127.0.0.1", "127.0.0.2", "127.0.0.1"]) {
    const next = `${host}:${freePort()}`;
    await reconfigure(daemon, { ListenAddress: next });
    address = next;
    await load.more(200);
    assertEquals(load.failures, []);
  }
});

Deno.test("a reload that is refused changes nothing, and says why", async (test) => {
  await using sample = await Sample.start("embedded", { Fallbacks: [FALLBACK] });
  await using redis = await RedisServer.start();
  await redis.stop();
  const { daemon, directory } = sample;
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const other = `127.0.0.1:${taken.addr.port}`;
  await using load = new SteadyLoad(() => daemon.address, FILE, [302]);
  const refusals: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ OutputMode: "sideways" }, /line \d+: OutputMode must be auto, json or redirect/],
    [{ OutputMode: "json", ListenAddress: other }, /Cannot listen on \S+: the address is in use/],
    [
      { OutputMode: "json", RPCListenAddress: other },
      /Cannot listen on \S+: the address is in use/,
    ],
    [
      { OutputMode: "json", RedisAddress: `127.0.0.1:${redis.port}` },
      Daemon.isExecutable
        ? /or start the program again, which gave up what it did not need/
        : /Cannot use the store .*: it does not answer/,
    ],
    [{ OutputMode: "json", DatabasePath: `${directory}/mirrorbits.conf/db` }, /mirrorbits\.conf/],
  ];
  for (const [keys, why] of refusals) {
    await test.step(Object.keys(keys).join(", "), async () => {
      const before = daemon.log.length;
      daemon.configure(keys);
      const { code, stderr } = await daemon.cli("reload");
      assertEquals(code, 1);
      assertMatch(stderr, why);
      assertMatch(daemon.log.slice(before), /Error: The configuration stays as it was: /);
      assertMatch(daemon.log.slice(before), why);
      await load.more(50);
      assertEquals(load.failures, []);
    });
  }
  daemon.configure({});
  await daemon.ok("reload");
});
