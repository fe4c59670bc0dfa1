import { assert, assertEquals, assertMatch } from "@std/assert";
import { OtherProgram } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeOriginalDatabase } from "./original_database.ts";

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5);
const PATHS = ["/README.txt", "/pool/a b+c.iso", "/odd/ünï#code?.bin"];

/** The fields that the original has in the hash of a mirror that was scanned and checked over HTTP. */
const FIELDS = [
  ...["ID", "adminEmail", "adminName", "allowredirects", "asOnly", "asnum", "comment"],
  ...["continentCode", "continentOnly", "countryCodes", "countryOnly", "customData", "enabled"],
  ...["excludedCountryCodes", "ftp", "http", "httpDownReason", "httpUp", "httpsUp"],
  ...["lastSuccessfulSync", "lastSuccessfulSyncPrecision", "lastSuccessfulSyncProtocol"],
  ...["lastSync", "latitude", "longitude", "name", "rsync", "score", "sponsorLogo"],
  ...["sponsorName", "sponsorURL", "stateSince", "tzoffset"],
];

type Dump = Record<string, unknown>;

/** What changed between two dumps, key by key. */
function changes(before: Dump, after: Dump): Dump {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, after[key]]),
  );
}

Deno.test("a database of the original is served from, and what is written is what it writes", async (test) => {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await tempDir("mirrorbits-interchange-")).path;
  const repository = `${directory}/repository`;
  for (const path of PATHS) {
    const file = repository + path;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, path);
    await Deno.utime(file, new Date(TIME), new Date(TIME));
  }
  const server = stack.use(MirrorServer.start(repository));
  const rsyncd = stack.use(await RsyncDaemon.start({ repo: repository }));
  const redisServer = stack.use(await RedisServer.start());
  const other = stack.use(new OtherProgram(redisServer.port));
  const { redis } = other;
  const day = "2020-02-03";
  await writeOriginalDatabase(redis, {
    mirrors: [
      { id: 2, name: "two", http: server.url },
      { id: 5, name: "five", http: server.url, fields: { enabled: "0" } },
      { id: 9, name: "nine", http: server.url, rsync: rsyncd.url("repo") },
    ],
    files: PATHS.map((path) => ({
      path,
      size: new TextEncoder().encode(path).length,
      modTime: TIME,
    })),
    counters: [{
      day,
      files: { [PATHS[1]!]: 7, "/gone.iso": 3 },
      mirrors: { 2: [6, 600], 4: [4, 400] },
    }],
    now: Date.now(),
  });
  const daemon = stack.use(
    new Daemon({
      directory,
      config: {
        Repository: repository,
        RedisAddress: `127.0.0.1:${redisServer.port}`,
        CheckInterval: 0,
        RepositoryScanInterval: 0,
        // The state of each family of addresses is a field that the original does not know.
        IPFamilies: "ignore",
        Hashes: { SHA256: false },
      },
    }),
  );
  let before = await other.dump(isOwn);
  await daemon.start();

  await test.step("it is served at once, and nothing is written by looking", async () => {
    for (const path of PATHS) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      const answer = await daemon.get(`${encoded}?mirrorlist`);
      assertEquals(answer.status, 200, path);
    }
    const list = await daemon.ok("list");
    assertMatch(list, /^two\s+up\b/m);
    assertMatch(list, /^five\s+disabled\b/m);
    assertMatch(await daemon.ok("logs", "nine"), /Scan completed: 3 files \(3 known\), 0 removed/);
    const stats = await daemon.ok("stats", "file", "-start-date", day, "-end-date", day, "pool");
    assertMatch(stats, /pool\/a b\+c\.iso:\s+7/);
    assertEquals(changes(before, await other.dump(isOwn)), {});
  });

  await test.step("a download is counted where the original counts it", async () => {
    const answer = await daemon.get("/pool/a%20b%2Bc.iso");
    assertEquals(answer.status, 302);
    await waitFor(async () => await redis.get("STATS_TOTAL") === "11", { what: "the counters" });
    const after = await other.dump(isOwn);
    const changed = changes(before, after);
    const endings = ["", ...today()];
    assertEquals(
      Object.keys(changed).sort(),
      [
        "STATS_TOTAL",
        ...["FILE", "MIRROR", "MIRROR_BYTES"].flatMap((kind) =>
          endings.map((ending) => `STATS_${kind}${ending}`)
        ),
      ].sort(),
    );
    assertEquals(changed.STATS_FILE, { [PATHS[1]!]: "8", "/gone.iso": "3" });
    assertEquals(changed[`STATS_FILE${endings.at(-1)}`], { [PATHS[1]!]: "1" });
    const [[id, bytes]] = Object.entries(
      changed[`STATS_MIRROR_BYTES${endings.at(-1)}`] as Dump,
    ) as [
      [string, string],
    ];
    assert(["2", "9"].includes(id));
    assertEquals(bytes, "15");
  });

  await test.step("disabling and enabling change a field and add an event", async () => {
    before = await other.dump(isOwn);
    await daemon.ok("disable", "two");
    const changed = changes(before, await other.dump(isOwn));
    assertEquals(Object.keys(changed).sort(), ["MIRRORLOGS_2", "MIRROR_2"]);
    assertEquals(changed.MIRROR_2, { ...before.MIRROR_2 as Dump, enabled: "0" });
    const [line] = await redis.lrange("MIRRORLOGS_2", -1, -1);
    assertMatch(
      line!,
      /^\{"Type":5,"MirrorID":2,"Timestamp":"[-\d]{10}T[\d:.]+Z","By":"127.0.0.1"\}$/,
    );
    await daemon.ok("enable", "two");
    assertEquals(await redis.hget("MIRROR_2", "enabled"), "1");
  });

  await test.step("a change that the original makes is obeyed at its message", async () => {
    await redis.hset("MIRROR_9", { enabled: "0" });
    await redis.publish("_mirrorbits_mirror_update", "9");
    await redis.srem("FILES", PATHS[0]!);
    await redis.del(`FILE_${PATHS[0]}`);
    await redis.publish("_mirrorbits_file_update", PATHS[0]!);
    await waitFor(async () => /^nine\s+disabled\b/m.test(await daemon.ok("list")), {
      what: "the mirror to be disabled",
    });
    await waitFor(async () => (await daemon.get(PATHS[0]!)).headers.get("location") === null, {
      what: "the file to be unknown",
    });
    await redis.hset("MIRROR_9", { enabled: "1" });
    await redis.publish("_mirrorbits_mirror_update", "9");
  });

  await test.step("a mirror that is added, scanned and checked has the fields of the original", async () => {
    await daemon.ok("refresh");
    await daemon.ok("add", "-http", server.url, "-rsync", rsyncd.url("repo"), "new");
    assertEquals(await redis.get("LAST_MID"), "10");
    assertEquals(await redis.hget("MIRRORS", "10"), "new");
    const added = await redis.hgetall("MIRROR_10");
    assertEquals([added.httpUp, added.httpsUp, added.enabled], ["0", "0", "0"]);
    await daemon.ok("scan", "-enable", "new");
    await waitFor(async () => await redis.hget("MIRROR_10", "httpUp") === "1", {
      what: "the check",
    });
    // What the original does not know it leaves alone.
    assertEquals(
      Object.keys(await redis.hgetall("MIRROR_10")).sort(),
      [...FIELDS, "scanNumbers"].sort(),
    );
    assertEquals((await redis.smembers("MIRRORFILES_10")).sort(), [...PATHS].sort());
    assertEquals((await redis.smembers("HANDLEDFILES_10")).sort(), [...PATHS].sort());
    const copy = await redis.hgetall(`FILEINFO_10_${PATHS[1]}`);
    assertEquals(copy, { size: "15", modTime: "2026-01-02 03:04:05 +0000 UTC" });
    const { firstSeen = "", ...file } = await redis.hgetall(`FILE_${PATHS[0]}`);
    assertMatch(firstSeen, /^\d{13} 11 2026-01-02 03:04:05 \+0000 UTC$/);
    assertEquals(file, {
      size: "11",
      modTime: "2026-01-02 03:04:05 +0000 UTC",
      sha1: "",
      sha256: "",
      md5: "",
    });
    const types = (await redis.lrange("MIRRORLOGS_10", 0, -1))
      .map((line) => JSON.parse(line).Type);
    assertEquals(types, [2, 7, 8, 4, 6]);
  });

  await test.step("a mirror that is removed leaves its counters only", async () => {
    await daemon.ok("remove", "-f", "new");
    const left = (await redis.keys("*")).filter((key) => /_10(_|$)/.test(key) && !isCounter(key));
    assertEquals(left, []);
    for (const path of PATHS) {
      assertEquals(await redis.sismember(`FILEMIRRORS_${path}`, "10"), 0, path);
    }
  });

  await test.step("every key is one of the schema", async () => {
    assertEquals(await daemon.stop("SIGTERM"), 0);
    const schema = new RegExp(
      "^(MIRRORBITS_DB_VERSION|LAST_MID|MIRRORS|MIRROR_\\d+|FILES|FILE_/.*|FILEMIRRORS_/.*" +
        "|MIRRORFILES_\\d+|FILEINFO_\\d+_/.*|HANDLEDFILES_\\d+|MIRRORLOGS_\\d+|STATS_TOTAL" +
        "|STATS_(FILE|MIRROR|MIRROR_BYTES)(_\\d{4}(_\\d\\d(_\\d\\d)?)?)?)$",
      "s",
    );
    assertEquals((await redis.keys("*")).filter((key) => !schema.test(key) && !isOwn(key)), []);
  });
});

/** What is counted by name, and batches on their way: keys that the original takes no notice of. */
function isOwn(key: string): boolean {
  return /^MIRRORBITS_(?:BATCH|STATS)_/.test(key);
}

/** What is counted: by the hour, the tenth, and October end as the mirror's ID does. */
function isCounter(key: string): boolean {
  return isOwn(key) || key.startsWith("STATS_");
}

/** The endings of the counters' keys for this year, month and day. */
function today(): string[] {
  const [year, month, day] = new Date().toISOString().slice(0, 10).split("-");
  return [`_${year}`, `_${year}_${month}`, `_${year}_${month}_${day}`];
}
