import { assertEquals, assertMatch } from "@std/assert";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { never, sampleFile, sampleMirror } from "../store_contract/samples.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

const TIMINGS = { firstRetry: 20, lastRetry: 50, connect: 60_000, answer: 60_000, look: 20 };
const VERSION = "MIRRORBITS_DB_VERSION";
const LOST = /^error: .*: All mirrors are gone, and nobody removed them: /;

Deno.test("FLUSHALL under a running node is an error in the log, until there are mirrors again", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port, { timings: TIMINGS });
  await using store = await openRedisStore(options);
  await store.addMirror(sampleMirror("a"));
  await store.mirrors();
  await other.redis.flushall();
  await waitFor(() => store.trouble !== null, { what: "the loss to be seen" });
  assertEquals(store.trouble, "all mirrors are gone from the store");
  assertEquals(shown(options.log).length, 1);
  assertMatch(shown(options.log)[0]!, LOST);
  await store.addMirror(sampleMirror("a"));
  assertEquals(await other.redis.get(VERSION), "2");
  await waitFor(() => store.trouble === null, { what: "the mirror to be seen" });
  assertEquals(shown(options.log).length, 1);
});

Deno.test("mirrors that are added right after FLUSHALL do not hide it", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await store.addMirror(sampleMirror("a"));
  await store.mirrors();
  await other.redis.flushall();
  await store.addMirror(sampleMirror("b"));
  assertEquals(shown(options.log).filter((line) => LOST.test(line)).length, 1);
});

Deno.test("mirrors that somebody removed are no loss", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port, { timings: TIMINGS });
  await using store = await openRedisStore(options);
  await using node = await openRedisStore(redisOptions(server.port));
  for (const way of ["here", "by another node", "unheard"]) {
    const id = await store.addMirror(sampleMirror("a"));
    await store.mirrors();
    if (way === "here") await store.removeMirror(id);
    if (way === "by another node") await node.removeMirror(id);
    if (way === "unheard") {
      // Another node, while no message arrived here.
      await other.redis.multi().del(`MIRROR_${id}`).hdel("MIRRORS", `${id}`).exec();
    }
    assertEquals(await store.mirrors(), []);
    // Several looks.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals([store.trouble, shown(options.log)], [null, []], way);
  }
});

Deno.test("the version is written wherever files are, and by a look where it is missing", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  {
    await using store = await openRedisStore(redisOptions(server.port));
    await other.redis.flushall();
    await store.updateSource({ changed: [sampleFile("/a")], removed: [] }, never());
    assertEquals(await other.redis.get(VERSION), "2");
  }
  await using _store = await openRedisStore(redisOptions(server.port, { timings: TIMINGS }));
  await other.redis.del(VERSION);
  await waitFor(async () => await other.redis.get(VERSION) === "2", { what: "the version" });
});

Deno.test("a database that was emptied, filled again and has no version is used, not refused", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  {
    await using store = await openRedisStore(redisOptions(server.port));
    await store.addMirror(sampleMirror("a"));
    await other.redis.del(VERSION);
  }
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  assertEquals((await store.mirrors()).map(({ name }) => name), ["a"]);
  assertEquals(await other.redis.get(VERSION), "2");
  assertMatch(shown(options.log)[0]!, /^warn: .*: Its version was missing, and is written again$/);
});
