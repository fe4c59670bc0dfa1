import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { type StoreChange, StoreUnavailableError } from "../../lib/store/store.ts";
import {
  addCopies,
  addFiles,
  listed,
  never,
  sampleFile,
  sampleMirror,
} from "../store_contract/samples.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

const TIMINGS = { firstRetry: 20, lastRetry: 50, connect: 60_000, answer: 60_000, look: 20 };

Deno.test("a mirror whose key holds another type is left out with one warning, and comes back", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port, { timings: TIMINGS });
  await using store = await openRedisStore(options);
  const ids = [await store.addMirror(sampleMirror("a")), await store.addMirror(sampleMirror("b"))];
  await other.redis.rename("MIRROR_1", "SAVED");
  await other.redis.set("MIRROR_1", "x");
  for (let i = 0; i < 3; i++) {
    assertEquals((await store.mirrors()).map(({ id }) => id), [ids[1]]);
    assertEquals(await store.mirror(ids[0]!), null);
  }
  assertEquals(shown(options.log), [
    'warn: The key "MIRROR_1" in Redis is left out: it holds another type than it should',
  ]);
  assertEquals(store.trouble, "the mirrors MIRROR_1 cannot be read");
  const changes: StoreChange["type"][] = [];
  store.watch(({ type }) => changes.push(type), never());
  await other.redis.rename("SAVED", "MIRROR_1");
  await waitFor(() => store.trouble === null, { what: "the mirror to be seen" });
  await waitFor(() => changes.includes("missed"), { what: "the others to be told" });
  assertEquals((await store.mirrors()).length, 2);
});

Deno.test("mirrors that cannot be read at all are an error in the log once, and told when they can", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port, { timings: TIMINGS });
  await using store = await openRedisStore(options);
  await store.addMirror(sampleMirror("a"));
  await other.redis.rename("MIRRORS", "SAVED");
  await other.redis.sadd("MIRRORS", "x");
  for (let i = 0; i < 3; i++) {
    await assertRejects(() => store.mirrors(), StoreUnavailableError, '"MIRRORS"');
  }
  assertEquals(store.trouble, "the mirrors cannot be read");
  assertEquals(shown(options.log).length, 1);
  assertMatch(shown(options.log)[0]!, /^error: .*: The mirrors cannot be read: The key "MIRRORS" /);
  await other.redis.del("MIRRORS");
  await other.redis.rename("SAVED", "MIRRORS");
  await waitFor(() => store.trouble === null, { what: "the mirrors to be read" });
  assertMatch(shown(options.log)[1]!, /^info: .*: The mirrors can be read again$/);
});

Deno.test("a file or a copy whose key holds another type is left out with one warning, the rest works", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  for (const scripts of [true, false]) {
    await other.redis.flushall();
    const options = redisOptions(server.port);
    await using store = await openRedisStore(options);
    const ids = [
      await store.addMirror(sampleMirror("a")),
      await store.addMirror(sampleMirror("b")),
    ];
    const paths = ["/one", "/two", "/three"];
    await addFiles(store, ...paths.map((path) => sampleFile(path)));
    for (const id of ids) await addCopies(store, id, ...paths.map((path) => listed(path)));
    if (!scripts) await other.redis.call("ACL", "SETUSER", "default", "-@scripting");
    const readerOptions = redisOptions(server.port);
    await using reader = await openRedisReader(readerOptions);
    await other.redis.call("ACL", "SETUSER", "default", "+@all");
    const bad = [`FILEINFO_${ids[0]}_/one`, "FILE_/two", "FILEMIRRORS_/three"];
    for (const key of bad) {
      await other.redis.del(key);
      await other.redis.rpush(key, "x");
    }
    for (let i = 0; i < 2; i++) {
      const found = await Promise.all(paths.map((path) => reader.lookup(path)));
      assertEquals(found[0]?.copies.map(({ mirrorId }) => mirrorId), [ids[1]]);
      assertEquals(found[1], null);
      assertEquals(found[2]?.copies, []);
    }
    const warnings = readerOptions.log.lines.filter((line) => line.startsWith("warn: ")).sort();
    assertEquals(
      warnings,
      bad.sort().map((key) =>
        `warn: The key "${key}" in Redis is left out: it holds another type than it should`
      ),
    );
    // Scans read all of it and write the rest.
    const read: string[] = [];
    for await (const page of store.copiesOf(ids[0]!)) {
      read.push(...page.filter(({ size }) => size >= 0).map(({ path }) => path));
    }
    assertEquals(read.sort(), ["/three", "/two"]);
    const scanned: string[] = [];
    for await (const page of store.sourceFiles()) {
      scanned.push(...page.filter(({ size }) => size >= 0).map(({ path }) => path));
    }
    assertEquals(scanned.sort(), ["/one", "/three"]);
    const toldOf = options.log.lines.filter((line) => line.startsWith("warn: ")).sort();
    assertEquals(
      toldOf,
      [bad[0], "FILE_/two"].sort().map((key) =>
        `warn: The key "${key}" in Redis is left out: it holds another type than it should`
      ),
    );
    const changed = [...paths, "/four"].map((path) => sampleFile(path, { size: 77 }));
    await store.updateSource({ changed, removed: [] }, never());
    await store.updateCopies(ids[0]!, { changed, removed: [] }, never());
    const four = await reader.lookup("/four");
    assertEquals([four?.file.size, four?.copies.map(({ size }) => size)], [77, [77]]);
    const one = await reader.lookup("/one");
    assertEquals([one?.file.size, one?.copies.length], [77, 1]);
    for (const key of bad) assertEquals(await other.redis.type(key), "list", key);
    assert(options.log.lines.some((line) => line.includes(`"FILEINFO_${ids[0]}_/one"`)));
    await store.updateSource({ changed: [], removed: paths }, never());
    await store.updateCopies(ids[0]!, { changed: [], removed: paths }, never());
  }
});

Deno.test("a mirror whose name or address is too long is left out with one warning, and stays stored", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  for (const name of ["a", "b", "c", "d"]) await store.addMirror(sampleMirror(name));
  await other.redis.hset("MIRROR_1", "name", "ü".repeat(128));
  await other.redis.hset("MIRROR_2", "http", `http://${"a".repeat(2_050)}/`);
  await other.redis.hset("MIRROR_3", "name", "ü".repeat(127), "comment", "x".repeat(70_000));
  for (let i = 0; i < 2; i++) {
    assertEquals((await store.mirrors()).map(({ id }) => id), [3, 4]);
  }
  assertEquals((await store.mirror(3))?.comment.length, 70_000);
  assertEquals(shown(options.log), [
    'warn: The key "MIRROR_1" in Redis is left out: its name is longer than 255 bytes',
    'warn: The key "MIRROR_2" in Redis is left out: its httpUrl is longer than 2048 bytes',
  ]);
  assertEquals(store.trouble, null);
  assertEquals(await other.redis.hlen("MIRRORS"), 4);
});

Deno.test("a counter that is none is left out with one warning, and all others count once", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await other.redis.rpush("STATS_FILE_2026", "x");
  await other.redis.set("STATS_MIRROR", "x");
  await other.redis.hset("STATS_FILE_2026_11", "/one", "many");
  await other.redis.set("STATS_TOTAL", "most");
  const batch = {
    day: "2026-11-28",
    files: new Map([["/one", 2], ["/two", 3]]),
    mirrors: new Map([[1, { downloads: 5, bytes: 50 }]]),
  };
  // Whoever does not learn that a batch was written, writes it again.
  for (let i = 0; i < 2; i++) await store.addDownloads(batch, "once");
  await store.addDownloads(batch);
  const day = "2026-11-28";
  assertEquals(await store.fileDownloads("/one", ["", "2026", day]), [4, 0, 4]);
  assertEquals(await store.fileDownloads("/one", ["2026-11"]), [0]);
  assertEquals(await store.fileDownloads("/two", ["", "2026", "2026-11", day]), [6, 0, 6, 6]);
  const whole = new Map((await Array.fromAsync(store.allFileDownloads(["2026-11"])))
    .flatMap((part) => [...part]));
  assertEquals(whole, new Map([["/one", 0], ["/two", 6]]));
  await other.redis.hset("STATS_MIRROR_2026", "2", "few");
  assertEquals((await store.mirrorDownloads(["2026"])).get(2), { downloads: 0, bytes: 0 });
  assertEquals(await store.mirrorDownloads([day]), new Map([[1, { downloads: 10, bytes: 100 }]]));
  assertEquals(await store.mirrorDownloads([""]), new Map([[1, { downloads: 0, bytes: 100 }]]));
  const type = "it holds another type than it should";
  assertEquals(
    shown(options.log).sort(),
    [
      `warn: The key "STATS_FILE_2026" in Redis is left out: ${type}`,
      'warn: The key "STATS_FILE_2026_11" in Redis is left out: ERR hash value is not an integer',
      `warn: The key "STATS_MIRROR" in Redis is left out: ${type}`,
      'warn: The key "STATS_MIRROR_2026" in Redis is left out: ERR hash value is not an integer',
      'warn: The key "STATS_TOTAL" in Redis is left out: ERR value is not an integer or out of range',
    ],
  );
});

Deno.test("events and numbers that have no place keep no scan from what it writes", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  const id = await store.addMirror(sampleMirror("a"));
  await addFiles(store, sampleFile("/one"));
  await other.redis.set(`MIRRORLOGS_${id}`, "x");
  await other.redis.set(`HANDLEDFILES_${id}`, "x");
  for (let i = 0; i < 2; i++) {
    await store.addEvent({ type: "scan_started", protocol: "rsync", mirrorId: id, time: 1 });
    assertEquals(await store.events(id, 10), []);
    const changed = [sampleFile("/one", { size: 5 + i })];
    assertEquals(await store.updateCopies(id, { changed, removed: [] }, never()), 0);
  }
  assertEquals((await store.lookup("/one"))?.copies.map(({ size }) => size), [6]);
  assertEquals(
    shown(options.log),
    [`MIRRORLOGS_${id}`, `HANDLEDFILES_${id}`].map((key) =>
      `warn: The key "${key}" in Redis is left out: it holds another type than it should`
    ),
  );
});

Deno.test("a key without which nothing goes is named: to whoever asks, and in the log once", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  const id = await store.addMirror(sampleMirror("a"));
  await other.redis.rpush("FILES", "x");
  await other.redis.set(`MIRRORFILES_${id}`, "x");
  const changed = [sampleFile("/one")];
  for (let i = 0; i < 2; i++) {
    await assertRejects(
      () => store.updateSource({ changed, removed: [] }, never()),
      StoreUnavailableError,
      'The key "FILES" in Redis holds another type than it should',
    );
    await assertRejects(async () => await store.countFiles(), StoreUnavailableError, '"FILES"');
  }
  await other.redis.del("FILES", "LAST_MID");
  await other.redis.rpush("LAST_MID", "x");
  await assertRejects(
    () => store.addMirror(sampleMirror("b")),
    StoreUnavailableError,
    'The key "LAST_MID" in Redis holds another type than it should',
  );
  await assertRejects(
    () => store.updateCopies(id, { changed, removed: [] }, never()),
    StoreUnavailableError,
    `"MIRRORFILES_${id}"`,
  );
  assertEquals(
    shown(options.log),
    ["FILES", "LAST_MID", `MIRRORFILES_${id}`].map((key) =>
      `warn: The key "${key}" in Redis is left out: it holds another type than it should`
    ),
  );
});

Deno.test("counters of another type are left, and the others are removed", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  await other.redis.set("STATS_FILE_2020", "text");
  await other.redis.hset("STATS_MIRROR_2020", "1", 5);
  assertEquals(await store.removeCounted("counters", "2020"), 1);
  assertEquals(await other.redis.get("STATS_FILE_2020"), "text");
  assertEquals(await other.redis.exists("STATS_MIRROR_2020"), 0);
});
