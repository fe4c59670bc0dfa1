import { assert, assertEquals } from "@std/assert";
import { FileCache } from "../../../lib/store/cache/file_cache.ts";
import { openRedisReader } from "../../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import type { Store } from "../../../lib/store/store.ts";
import { addCopies, listed, sampleFile, sampleMirror } from "../../store_contract/samples.ts";
import { seededRandom } from "../../store_contract/seeded_random.ts";
import { plainFile } from "../../support/plain_file.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";
import { waitFor } from "../../support/wait_for.ts";
import { CommandLog, OtherProgram, redisOptions } from "../redis_helpers.ts";

const never = new AbortController().signal;

/** Has a cache hear of every change, as an HTTP thread does. */
function follow(store: Store, cache: FileCache): void {
  store.watch((change) => {
    if (change.type === "files" || change.type === "copies") cache.drop(change.paths);
    else if (change.type === "missed") cache.clear();
  }, never);
}

Deno.test("a cold file costs one command, a hot or unknown one none", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using reader = await openRedisReader(redisOptions(server.port));
  await store.updateSource({ changed: [sampleFile("/a")], removed: [] }, never);
  for (let i = 0; i < 20; i++) {
    await addCopies(store, await store.addMirror(sampleMirror(`m${i}`)), listed("/a"));
  }
  const cache = new FileCache({ reader, maximumEntries: 100 });
  await using log = await CommandLog.start(server.port);
  const together = await Promise.all(Array.from({ length: 50 }, () => cache.load("/a")));
  assertEquals(together.every((file) => file?.copies.length === 20), true);
  for (let i = 0; i < 50; i++) await cache.load("/a");
  for (let i = 0; i < 50; i++) assertEquals(await cache.load("/unknown"), null);
  await reader.lookup("/end");
  await waitFor(() => log.lines.some((line) => line.includes("/end")), { what: "the log" });
  assertEquals(log.lines.length, 3, log.lines.join("\n"));
});

Deno.test("nothing stale stays while other nodes change everything and look-ups run", async () => {
  await using server = await RedisServer.start("--appendonly", "no");
  await using writer = await openRedisStore(redisOptions(server.port));
  await using store = await openRedisStore(redisOptions(server.port));
  await using proxy = new TcpProxy(server.port);
  await using reader = await openRedisReader(redisOptions(proxy.port));
  const cache = new FileCache({ reader, maximumEntries: 15 });
  follow(store, cache);
  const random = seededRandom(7);
  const pick = (most: number): number => Math.floor(random() * most);
  const paths = Array.from({ length: 20 }, (_, i) => `/${i}`);
  const mirrors = [
    await writer.addMirror(sampleMirror("a")),
    await writer.addMirror(sampleMirror("b")),
  ];
  let done = false;
  let loads = 0;
  const asking = Array.from({ length: 8 }, async () => {
    while (!done) {
      await cache.load(paths[pick(paths.length)]!);
      loads++;
      await new Promise((resolve) => setTimeout(resolve, pick(3)));
    }
  });
  for (let round = 0; round < 300; round++) {
    const seen = loads;
    await waitFor(() => loads > seen + 2, { what: "look-ups", every: 1 });
    const path = paths[pick(paths.length)]!;
    const [mirror] = pick(2) === 0 ? mirrors : [...mirrors].reverse();
    // Answers that come late cross the messages of changes.
    if (round % 10 === 0) proxy.delay = pick(10);
    const kind = pick(4);
    if (kind === 0) {
      await writer.updateSource(
        { changed: [sampleFile(path, { size: round })], removed: [] },
        never,
      );
    } else if (kind === 1) {
      await writer.updateSource({ changed: [], removed: [path] }, never);
    } else if (kind === 2) {
      await addCopies(writer, mirror!, listed(path, round));
    } else {
      await writer.updateCopies(mirror!, { changed: [], removed: [path] }, never);
    }
  }
  done = true;
  await Promise.all(asking);
  // A message takes a moment; then what is remembered is what is there.
  await waitFor(async () => {
    for (const path of paths) {
      const remembered = cache.peek(path);
      if (remembered === undefined) continue;
      const there = await writer.lookup(path);
      if (JSON.stringify(plainFile(remembered)) !== JSON.stringify(there)) return false;
    }
    return true;
  }, { what: "the cache to be true" });
  assert(loads >= 900);
});

Deno.test("changes while messages did not arrive are not missed", async () => {
  await using server = await RedisServer.start();
  await using writer = await openRedisStore(redisOptions(server.port));
  await using proxy = new TcpProxy(server.port);
  await using store = await openRedisStore(redisOptions(proxy.port));
  await using reader = await openRedisReader(redisOptions(server.port));
  const cache = new FileCache({ reader, maximumEntries: 10 });
  follow(store, cache);
  let told = false;
  store.watch((change) => told ||= change.type === "files", never);
  await writer.updateSource({ changed: [sampleFile("/a", { size: 1 })], removed: [] }, never);
  await waitFor(() => told, { what: "the message" });
  assertEquals((await cache.load("/a"))?.file.size, 1);
  proxy.mode = "closed";
  await waitFor(() => !store.available, { what: "the outage" });
  await writer.updateSource({ changed: [sampleFile("/a", { size: 2 })], removed: [] }, never);
  assertEquals(cache.peek("/a")?.file.size, 1);
  proxy.mode = "open";
  await waitFor(() => cache.peek("/a") === undefined, { what: "the cache to be dropped" });
  assertEquals((await cache.load("/a"))?.file.size, 2);
});

Deno.test("known files are answered while others have Redis back, and this thread has not", async () => {
  await using server = await RedisServer.start();
  await using writer = await openRedisStore(redisOptions(server.port));
  await using control = new TcpProxy(server.port);
  await using own = new TcpProxy(server.port);
  await using store = await openRedisStore(redisOptions(control.port));
  await using reader = await openRedisReader(redisOptions(own.port));
  const cache = new FileCache({ reader, maximumEntries: 10 });
  follow(store, cache);
  let told = false;
  store.watch((change) => told ||= change.type === "files", never);
  await writer.updateSource({ changed: [sampleFile("/a", { size: 1 })], removed: [] }, never);
  await waitFor(() => told, { what: "the message" });
  assertEquals((await cache.load("/a"))?.file.size, 1);
  control.mode = own.mode = "closed";
  await waitFor(() => !store.available, { what: "the outage" });
  await writer.updateSource({ changed: [sampleFile("/a", { size: 2 })], removed: [] }, never);
  control.mode = "open";
  await waitFor(() => cache.peek("/a") === undefined, { what: "the message that all is over" });
  assertEquals((await cache.load("/a"))?.file.size, 1);
  own.mode = "open";
  await waitFor(async () => (await cache.load("/a"))?.file.size === 2, { what: "the change" });
});

Deno.test("a change by a program that writes plain commands and messages is seen", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using reader = await openRedisReader(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const cache = new FileCache({ reader, maximumEntries: 10 });
  follow(store, cache);
  assertEquals(await cache.load("/a"), null);
  await other.redis.multi()
    .sadd("FILES", "/a")
    .hset("FILE_/a", { size: "5", modTime: "2026-11-22 15:04:05 +0000 UTC" })
    .publish("_mirrorbits_file_update", "/a")
    .exec();
  await waitFor(() => cache.peek("/a") === undefined, { what: "the message" });
  assertEquals((await cache.load("/a"))?.file.size, 5);
  await other.redis.multi()
    .sadd("FILEMIRRORS_/a", "3")
    .hset("FILEINFO_3_/a", { size: "5", modTime: "2026-11-22 15:04:05 +0000 UTC" })
    .publish("_mirrorbits_mirror_file_update", "3 /a")
    .exec();
  await waitFor(() => cache.peek("/a") === undefined, { what: "the message" });
  assertEquals((await cache.load("/a"))?.copies.map(({ mirrorId }) => mirrorId), [3]);
});
