import { assert, assertEquals, assertMatch } from "@std/assert";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import type { Mirror } from "../../lib/catalog/mirror.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const HASH = "7a3375a7cc1ad9241577d768dc07b220b767f5e7115a5f740187a49dad636447";
const SHA256 = "aa79fa25e8f07f714892ec5de53aadaa108b6486897be54b9f826f08c6d9c5be";
const TIME = Date.UTC(2026, 10, 22, 14, 4, 5);
const HOUR = "2026-11-22T14";
const BY_NAME = { "answer:redirect": "3", "country:SE": "1" };
const never = new AbortController().signal;

const MIRROR: Omit<Mirror, "id"> = {
  ...DEFAULT_SETTINGS,
  name: "m1",
  httpUrl: "http://m1.example/",
  rsyncUrl: "rsync://m1.example/m1/",
  ftpUrl: "",
  sponsorName: "Sponsor",
  sponsorUrl: "http://sponsor.example",
  sponsorLogoUrl: "",
  adminName: "",
  adminEmail: "a@m1.example",
  customData: "",
  continentOnly: false,
  countryOnly: true,
  asOnly: false,
  score: -5,
  latitude: 58.4167,
  longitude: 15.6167,
  continentCode: "EU",
  countryCodes: ["SE", "NO"],
  excludedCountryCodes: ["FR"],
  asNumber: 29518,
  comment: "",
  allowRedirects: null,
  enabled: true,
};

/** The fields of a mirror that was just added, as the original has them. */
const ADDED = {
  ID: "1",
  name: "m1",
  http: "http://m1.example/",
  rsync: "rsync://m1.example/m1/",
  ftp: "",
  sponsorName: "Sponsor",
  sponsorURL: "http://sponsor.example",
  sponsorLogo: "",
  adminName: "",
  adminEmail: "a@m1.example",
  customData: "",
  continentOnly: "0",
  countryOnly: "1",
  asOnly: "0",
  score: "-5",
  latitude: "58.4167",
  longitude: "15.6167",
  continentCode: "EU",
  countryCodes: "SE NO",
  excludedCountryCodes: "FR",
  asnum: "29518",
  comment: "",
  allowredirects: "0",
  enabled: "1",
  httpUp: "0",
  httpsUp: "0",
};

Deno.test("the store writes the keys, types, fields and formats of the schema, and no others", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);

  const id = await store.addMirror(MIRROR);
  assertEquals(await other.dump(), {
    LAST_MID: "1",
    MIRRORBITS_DB_VERSION: "2",
    MIRRORS: { 1: "m1" },
    MIRROR_1: ADDED,
  });

  await store.updateMirrorState(id, {
    httpUp: true,
    httpsUp: false,
    httpsDownReason: "Unreachable",
    httpDownReason: "",
    stateSince: TIME + 999,
    lastSync: TIME,
    lastSuccessfulSync: TIME,
    lastSuccessfulSyncProtocol: "ftp",
    lastSuccessfulSyncPrecision: 1,
    lastModTime: TIME - 1000,
    timeZoneOffset: -3_600_000,
  });
  await store.updateSource({
    changed: [
      { path: "/a b.iso", size: 512, modTime: TIME + 500, sha1: "", sha256: SHA256, md5: "" },
      { path: "/c", size: 0, modTime: null, sha1: "", sha256: "", md5: "" },
    ],
    removed: [],
  }, never);
  await store.updateCopies(id, {
    changed: [{ path: "/a b.iso", size: 512, modTime: TIME }, {
      path: "/own",
      size: 1,
      modTime: null,
    }],
    removed: [],
  }, never);
  await store.addDownloads({
    day: "2026-11-22",
    files: new Map([["/a b.iso", 2]]),
    mirrors: new Map([[id, { downloads: 2, bytes: 1024 }]]),
    hours: new Map([[HOUR, new Map([["downloads", 2], ["bytes", 1024], ["answer:redirect", 3]])]]),
    ranged: [{
      ...{ clientHash: HASH, path: "/a b.iso", mirrorId: id, size: 512, seconds: 600 },
      ...{ hour: HOUR, country: "SE" },
    }],
  }, "b-1");
  assertEquals(await other.redis.get("MIRRORBITS_BATCH_b-1"), "1");
  await store.forgetDownloads("b-1");
  await using _mirrorLock = await store.lock({ mirrorId: id });
  await using _sourceLock = await store.lock("source");

  const files = { "/a b.iso": "3" };
  const unknown = "0001-01-01 00:00:00 +0000 UTC";
  const isLock = (key: string): boolean => key === "SCANNING_1" || key === "SOURCE_REPO_SYNC";
  assertEquals(await other.dump(isLock), {
    [`DOWNLOADED_${HASH}_/a b.iso`]: "1",
    "FILEINFO_1_/a b.iso": { size: "512", modTime: "2026-11-22 14:04:05 +0000 UTC" },
    "FILEINFO_1_/own": { size: "1", modTime: unknown },
    "FILEMIRRORS_/a b.iso": { set: ["1"] },
    "FILEMIRRORS_/own": { set: ["1"] },
    FILES: { set: ["/a b.iso", "/c"] },
    "FILE_/a b.iso": {
      size: "512",
      modTime: "2026-11-22 14:04:05.5 +0000 UTC",
      sha1: "",
      sha256: SHA256,
      md5: "",
    },
    "FILE_/c": { size: "0", modTime: unknown, sha1: "", sha256: "", md5: "" },
    HANDLEDFILES_1: { set: ["/a b.iso"] },
    LAST_MID: "1",
    MIRRORBITS_DB_VERSION: "2",
    MIRRORBITS_STATS_2026_11_22: { ...BY_NAME, downloads: "3", bytes: "1536" },
    MIRRORBITS_STATS_2026_11_22_14: { ...BY_NAME, downloads: "3", bytes: "1536" },
    MIRRORFILES_1: { set: ["/a b.iso", "/own"] },
    MIRRORS: { 1: "m1" },
    MIRROR_1: {
      ...ADDED,
      httpUp: "1",
      httpsUp: "0",
      httpDownReason: "",
      httpsDownReason: "Unreachable",
      stateSince: `${TIME / 1000}`,
      lastSync: `${TIME / 1000}`,
      lastSuccessfulSync: `${TIME / 1000}`,
      lastSuccessfulSyncProtocol: "1",
      lastSuccessfulSyncPrecision: "1000000",
      lastModTime: `${TIME / 1000 - 1}`,
      tzoffset: "-3600000",
    },
    STATS_FILE: files,
    STATS_FILE_2026: files,
    STATS_FILE_2026_11: files,
    STATS_FILE_2026_11_22: files,
    STATS_MIRROR: { 1: "3" },
    STATS_MIRROR_2026: { 1: "3" },
    STATS_MIRROR_2026_11: { 1: "3" },
    STATS_MIRROR_2026_11_22: { 1: "3" },
    STATS_MIRROR_BYTES: { 1: "1536" },
    STATS_MIRROR_BYTES_2026: { 1: "1536" },
    STATS_MIRROR_BYTES_2026_11: { 1: "1536" },
    STATS_MIRROR_BYTES_2026_11_22: { 1: "1536" },
    STATS_TOTAL: "3",
  });
  for (const key of ["SCANNING_1", "SOURCE_REPO_SYNC"]) {
    const life = await other.redis.pttl(key);
    assert(life > 5_000 && life <= 10_000, `${key} lives ${life} ms`);
  }
  const remembered = await other.redis.ttl(`DOWNLOADED_${HASH}_/a b.iso`);
  assert(remembered > 590 && remembered <= 600);
});

Deno.test("a state that is unknown again leaves no field behind", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const id = await store.addMirror(MIRROR);
  await store.updateMirrorState(id, { lastModTime: TIME, stateSince: TIME });
  await store.updateMirrorState(id, { lastModTime: null });
  assertEquals(await other.redis.hgetall("MIRROR_1"), { ...ADDED, stateSince: `${TIME / 1000}` });
});

Deno.test("allowRedirects is 0, 1 or 2", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const id = await store.addMirror(MIRROR);
  for (const [allowRedirects, text] of [[true, "1"], [false, "2"], [null, "0"]] as const) {
    await store.updateMirror({ ...MIRROR, id, allowRedirects });
    assertEquals(await other.redis.hget("MIRROR_1", "allowredirects"), text);
  }
});

Deno.test("a setting that the original does not know is a field while it is not as by default", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const id = await store.addMirror(MIRROR);
  assertEquals(await other.redis.hget("MIRROR_1", "asNumbers"), null);
  await store.updateMirror({ ...MIRROR, id, asNumbers: [64500, 64501] });
  assertEquals(await other.redis.hget("MIRROR_1", "asNumbers"), "64500 64501");
  await other.redis.hset("MIRROR_1", "asNumbers", "nothing of ours");
  assertEquals((await store.mirror(id))?.asNumbers, []);
  await store.updateMirror({ ...MIRROR, id });
  assertEquals(await other.redis.hget("MIRROR_1", "asNumbers"), null);
});

Deno.test("events are the original's JSON, in its order of names", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const mirrorId = await store.addMirror(MIRROR);
  const common = { mirrorId, time: TIME + 120 };
  await store.addEvent({ ...common, type: "error", message: 'no "way"' });
  await store.addEvent({ ...common, type: "added" });
  await store.addEvent({ ...common, type: "edited" });
  await store.addEvent({ ...common, type: "enabled" });
  await store.addEvent({ ...common, type: "disabled" });
  await store.addEvent({ ...common, type: "state", protocol: "http", up: true, reason: "" });
  await store.addEvent({ ...common, type: "state", protocol: "https", up: false, reason: "No" });
  await store.addEvent({ ...common, type: "scan_started", protocol: "rsync" });
  await store.addEvent({ ...common, type: "scan_started", protocol: "ftp" });
  await store.addEvent({
    ...common,
    type: "scan_completed",
    indexed: 30,
    known: 28,
    removed: 1,
    timeZoneOffset: 3_600_000,
  });
  const rest = `"MirrorID":1,"Timestamp":"2026-11-22T14:04:05.12Z"`;
  assertEquals(await other.redis.lrange("MIRRORLOGS_1", 0, -1), [
    `{"Type":1,${rest},"Err":"no \\"way\\""}`,
    `{"Type":2,${rest}}`,
    `{"Type":3,${rest}}`,
    `{"Type":4,${rest}}`,
    `{"Type":5,${rest}}`,
    `{"Type":6,${rest},"Proto":1,"Up":true,"Reason":""}`,
    `{"Type":6,${rest},"Proto":2,"Up":false,"Reason":"No"}`,
    `{"Type":7,${rest},"Typ":0}`,
    `{"Type":7,${rest},"Typ":1}`,
    `{"Type":8,${rest},"FilesIndexed":30,"KnownIndexed":28,"Removed":1,"TZOffset":3600000}`,
  ]);
});

Deno.test("removeMirror() leaves only counters, and what the original left goes with it", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const id = await store.addMirror(MIRROR);
  const copies = Array.from(
    { length: 1500 },
    (_, i) => ({ path: `/${i}`, size: i, modTime: TIME }),
  );
  await store.updateCopies(id, { changed: copies, removed: [] }, never);
  await store.addEvent({ type: "added", mirrorId: id, time: TIME });
  await store.addDownloads({
    day: "2026-11-22",
    files: new Map(),
    mirrors: new Map([[id, { downloads: 1, bytes: 2 }]]),
  });
  await other.redis.sadd("MIRRORFILESTMP_1", "/left");
  await other.redis.set("SCANNING_1", "1");
  await store.removeMirror(id);
  assertEquals(Object.keys(await other.dump((key) => key.startsWith("STATS_"))), [
    "LAST_MID",
    "MIRRORBITS_DB_VERSION",
  ]);
  assertEquals(await other.redis.hgetall("STATS_MIRROR"), { 1: "1" });
});

Deno.test("what the original wrote is read", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const { redis } = other;
  await redis.mset({ MIRRORBITS_DB_VERSION: "2", LAST_MID: "9" });
  await redis.hset("MIRRORS", { 4: "m4", 9: "m9" });
  await redis.hset("MIRROR_4", { ID: "4", name: "m4", http: "http://m4/", enabled: "1" });
  await redis.hset("MIRROR_9", {
    ...ADDED,
    ID: "9",
    name: "m9",
    allowredirects: "2",
    httpUp: "1",
    stateSince: "1795345445",
    lastSuccessfulSync: "0",
    lastModTime: "-62135596800",
    lastSuccessfulSyncPrecision: "1000000000",
    lastSuccessfulSyncProtocol: "1",
    tzoffset: "3600000",
    fieldOfTheFuture: "x",
  });
  await redis.sadd("FILES", "/a", "/stale");
  await redis.hset("FILE_/a", {
    size: "7",
    modTime: "2026-11-22 15:04:05.123456789 +0100 CET",
    sha1: "",
    sha256: SHA256,
    md5: "",
  });
  await redis.sadd("FILEMIRRORS_/a", "9", "4");
  await redis.hset("FILEINFO_9_/a", { size: "7", modTime: "2026-11-22 14:04:05 +0000 UTC" });
  await redis.hset("FILEINFO_4_/a", { size: "7" });
  await redis.sadd("MIRRORFILES_4", "/a", "/without details");
  await redis.sadd("MIRRORFILES_9", "/a");
  await redis.sadd("HANDLEDFILES_9", "/a", "/gone from the source");
  await redis.rpush(
    "MIRRORLOGS_9",
    `{"Type":2,"MirrorID":9,"Timestamp":"2026-11-22T15:04:05.999999999+01:00"}`,
    `{"Type":99,"MirrorID":9,"Timestamp":"2026-11-22T15:04:05Z"}`,
    `{"Type":6,"MirrorID":9,"Timestamp":"2026-11-22T14:04:06Z","Proto":2,"Up":false,"Reason":"\\u003c"}`,
  );
  await redis.hset("STATS_FILE_2026_11", "/a", "12");
  await redis.hset("STATS_MIRROR_2026", "9", "3");

  await using store = await openRedisStore(redisOptions(server.port));
  const mirrors = await store.mirrors();
  assertEquals(mirrors.map(({ id, name, enabled }) => [id, name, enabled]), [
    [4, "m4", true],
    [9, "m9", true],
  ]);
  const { latitude, countryCodes, allowRedirects, httpUp, stateSince, lastSync } = mirrors[1]!;
  assertEquals([latitude, countryCodes, allowRedirects], [58.4167, ["SE", "NO"], false]);
  assertEquals([httpUp, stateSince, lastSync], [true, 1_795_345_445_000, null]);
  const { lastSuccessfulSync, lastModTime, lastSuccessfulSyncProtocol } = mirrors[1]!;
  assertEquals([lastSuccessfulSync, lastModTime, lastSuccessfulSyncProtocol], [null, null, "ftp"]);
  assertEquals(mirrors[1]!.lastSuccessfulSyncPrecision, 1000);
  assertEquals(mirrors[1]!.timeZoneOffset, 3_600_000);

  const file = { path: "/a", size: 7, modTime: TIME + 123, sha1: "", sha256: SHA256, md5: "" };
  assertEquals(await store.lookup("/a"), {
    file,
    copies: [
      { mirrorId: 4, size: 7, modTime: null },
      { mirrorId: 9, size: 7, modTime: TIME },
    ],
  });
  assertEquals(await store.lookup("/stale"), null);
  const sizes = new Map<string, number>();
  for await (const batch of store.copiesOf(4)) for (const c of batch) sizes.set(c.path, c.size);
  assertEquals(sizes.get("/without details"), -1);
  for (let i = 0; i < 10; i++) {
    assertEquals((await store.sharedFile(9, () => i / 10))?.file.path, "/a");
  }
  assertEquals((await store.events(9, 10)).map(({ type, time }) => [type, time]), [
    ["added", TIME + 999],
    ["state", TIME + 1000],
  ]);
  assertEquals(await store.fileDownloads("/a", ["2026-11", "2026"]), [12, 0]);
  assertEquals(await store.mirrorDownloads(["2026"]), new Map([[9, { downloads: 3, bytes: 0 }]]));
  assertEquals(await store.addMirror({ ...MIRROR, name: "new" }), 10);
});

Deno.test("the set of shared files is put right when the original left it stale", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const id = await store.addMirror(MIRROR);
  const paths = Array.from({ length: 1200 }, (_, i) => `/${i}`);
  await store.updateCopies(
    id,
    { changed: paths.map((path) => ({ path, size: 1, modTime: TIME })), removed: [] },
    never,
  );
  // A source scan by the original: it does not tell the mirrors' sets.
  await other.redis.sadd("FILES", ...paths.slice(0, 1000), "/only in the source");
  await other.redis.sadd(`HANDLEDFILES_${id}`, "/gone");
  assertEquals(await store.updateCopies(id, { changed: [], removed: [] }, never), 1000);
  assertEquals(
    await other.redis.smembers(`HANDLEDFILES_${id}`).then((found) => found.sort()),
    paths.slice(0, 1000).sort(),
  );
});

Deno.test("an ID that is in use is not given again, whatever the counter says", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  await other.redis.hset("MIRRORS", { 1: "a", 2: "b" });
  assertEquals(await store.addMirror(MIRROR), 3);
});

Deno.test("description names the server, its address and the database", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port, { db: 3 }));
  await using other = new OtherProgram(server.port);
  assertMatch(
    store.description,
    new RegExp(`^(Redis|Valkey) \\d+\\.\\d+\\.\\d+ at 127\\.0\\.0\\.1:${server.port}, database 3$`),
  );
  assertEquals(await other.dump(), {});
  await other.redis.select(3);
  assertEquals(await other.dump(), { MIRRORBITS_DB_VERSION: "2" });
});

Deno.test("a day that nobody counted by name begins with what mirrors have", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  // As an original, or an earlier version, has counted.
  await other.redis.hset("STATS_MIRROR_2026_11_22", "1", 5, "2", 2);
  await other.redis.hset("STATS_MIRROR_BYTES_2026_11_22", "1", 500, "2", 6_000_000_000_000);
  const add = (): Promise<void> =>
    store.addDownloads({
      day: "2026-11-22",
      files: new Map([["/a", 1]]),
      mirrors: new Map([[1, { downloads: 1, bytes: 100 }]]),
      hours: new Map([[HOUR, new Map([["downloads", 1], ["bytes", 100]])]]),
    });
  await add();
  await add();
  assertEquals(await store.series(["2026-11-22", HOUR], ["downloads", "bytes"]), [
    [9, 6_000_000_000_700],
    [2, 200],
  ]);
});
