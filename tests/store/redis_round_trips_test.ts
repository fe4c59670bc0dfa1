import { assert, assertEquals, assertMatch } from "@std/assert";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { CommandLog, OtherProgram, redisOptions } from "./redis_helpers.ts";

const MIRRORS = 50;

/** A file that many mirrors carry. */
async function fill(other: OtherProgram): Promise<void> {
  const { redis } = other;
  await redis.set("MIRRORBITS_DB_VERSION", "2");
  await redis.sadd("FILES", "/a");
  await redis.hset("FILE_/a", { size: "1", modTime: "", sha1: "", sha256: "", md5: "" });
  for (let id = 1; id <= MIRRORS; id++) {
    await redis.sadd("FILEMIRRORS_/a", id);
    await redis.hset(`FILEINFO_${id}_/a`, { size: id });
  }
}

Deno.test("lookup() is one command, whatever the number of mirrors", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await fill(other);
  await using reader = await openRedisReader(redisOptions(server.port));
  await using log = await CommandLog.start(server.port);
  const found = await reader.lookup("/a");
  assertEquals(
    found?.copies.map((copy) => copy.mirrorId),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  assertEquals(await reader.lookup("/unknown"), null);
  await waitFor(() => log.lines.some((line) => line.includes("/unknown")), { what: "the log" });
  assertEquals(log.lines.length, 2, log.lines.join("\n"));
  assertMatch(log.lines[0]!, /"evalsha" .*"\/a"$/i);
});

Deno.test("lookup() survives that the server forgets its scripts", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await fill(other);
  await using store = await openRedisStore(redisOptions(server.port));
  await other.redis.script("FLUSH");
  assertEquals((await store.lookup("/a"))?.copies.length, MIRRORS);
  await using log = await CommandLog.start(server.port);
  await store.lookup("/a");
  await store.lookup("/end");
  await waitFor(() => log.lines.some((line) => line.includes("/end")), { what: "the log" });
  assertEquals(log.lines.length, 2, log.lines.join("\n"));
});

Deno.test("a reader that may not run scripts looks up in two steps", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await fill(other);
  await other.redis.call("ACL", "SETUSER", "default", "-@scripting");
  await using reader = await openRedisReader(redisOptions(server.port));
  const found = await reader.lookup("/a");
  assertEquals(found?.copies.length, MIRRORS);
  assertEquals(found?.copies[2], { mirrorId: 3, size: 3, modTime: null });
  assertEquals(await reader.lookup("/unknown"), null);
});

Deno.test("a store that may not run scripts says what to allow", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await other.redis.call("ACL", "SETUSER", "default", "-@scripting");
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  assertEquals(store.available, false);
  assertMatch(
    options.log.lines.find((line) => line.startsWith("error: "))!,
    /forbids scripts to this user: allow the commands of the category @scripting$/,
  );
});

Deno.test("nothing changed costs one command", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await fill(other);
  await other.redis.hset("MIRRORS", { 1: "m" });
  await using store = await openRedisStore(redisOptions(server.port));
  await using log = await CommandLog.start(server.port);
  const nothing = { changed: [], removed: [] };
  assertEquals(await store.updateCopies(1, nothing, new AbortController().signal), 0);
  await store.lookup("/end");
  await waitFor(() => log.lines.some((line) => line.includes("/end")), { what: "the log" });
  assert(log.lines.length <= 2, log.lines.join("\n"));
});
