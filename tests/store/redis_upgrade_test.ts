import { assert, assertEquals, assertMatch } from "@std/assert";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore, type RedisStore } from "../../lib/store/redis/redis_store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

/** A database as the original's version 1 has it, with keys around that look similar. */
async function fill({ redis }: OtherProgram): Promise<void> {
  await redis.flushall();
  await redis.mset({
    MIRRORBITS_DB_VERSION: "1",
    LAST_MID: "12",
    MIRROR_x: "text",
    MIRROR_99: "1",
  });
  await redis.hset("MIRRORS", { 1: "plain", 2: "secure", 3: "never checked", 12: "no URL" });
  await redis.hset("MIRROR_1", {
    ID: "1",
    name: "plain",
    http: "http://plain/",
    up: "0",
    excludeReason: "Unreachable",
    stateSince: "1700000000",
  });
  await redis.hset("MIRROR_2", {
    ID: "2",
    name: "secure",
    http: "https://secure/",
    up: "1",
    excludeReason: "",
  });
  await redis.hset("MIRROR_3", { ID: "3", name: "never checked", http: "http://never/" });
  await redis.hset("MIRROR_12", { ID: "12", name: "no URL", up: "1" });
  await redis.hset("MIRROR_1_old", { http: "http://x/", up: "1" });
  await redis.sadd("FILES", "/a");
  await redis.hset("FILE_/a", { size: "1", modTime: "" });
  for (let i = 0; i < 30; i++) await redis.hset(`FILEINFO_1_/${i}`, { size: "1" });
}

const UPGRADED = {
  MIRROR_1: {
    ID: "1",
    name: "plain",
    http: "http://plain/",
    httpUp: "0",
    httpDownReason: "Unreachable",
    stateSince: "1700000000",
  },
  MIRROR_2: {
    ID: "2",
    name: "secure",
    http: "https://secure/",
    httpsUp: "1",
    httpsDownReason: "",
  },
  MIRROR_3: { ID: "3", name: "never checked", http: "http://never/" },
  MIRROR_12: { ID: "12", name: "no URL", httpUp: "1" },
  MIRRORBITS_DB_VERSION: "2",
};

/** What the database must be after the upgrade, and before it. */
async function expected(other: OtherProgram): Promise<[before: unknown, after: unknown]> {
  await fill(other);
  const before = await other.dump();
  return [before, { ...before, ...UPGRADED }];
}

const isLock = (key: string): boolean => key === "LOCK_upgrade";

Deno.test("a database of version 1 is brought to version 2 at the start", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const [, after] = await expected(other);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  assertEquals(await other.dump(), after);
  assertEquals((await store.mirrors()).map((m) => [m.id, m.httpUp, m.httpsUp, m.httpDownReason]), [
    [1, false, false, "Unreachable"],
    [2, false, true, ""],
    [3, false, false, ""],
    [12, true, false, ""],
  ]);
  const where = `Redis at 127.0.0.1:${server.port}, database 0`;
  assertEquals(options.log.lines, [
    `info: ${where}: Bringing the data from version 1 to version 2`,
    `info: ${where}: The data has version 2 now`,
  ]);
});

Deno.test("several nodes that start at the same time upgrade once, and all come up", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const [, after] = await expected(other);
  const stores = await Promise.all(
    Array.from({ length: 4 }, () => openRedisStore(redisOptions(server.port))),
  );
  assert(stores.every((store) => store.available));
  assertEquals(await other.dump(), after);
  for (const store of stores) await store[Symbol.asyncDispose]();
});

Deno.test("a reader waits until the data is up to date, and does not touch it", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const [before] = await expected(other);
  await using reader = await openRedisReader(redisOptions(server.port));
  assertEquals(reader.available, false);
  assertEquals(await other.dump(), before);
  await using _store = await openRedisStore(redisOptions(server.port));
  await waitFor(() => reader.available, { what: "the reader" });
});

for (const what of ["request", "answer"] as const) {
  Deno.test(`an upgrade cut short at any ${what} leaves the data as it was, or done`, async () => {
    await using server = await RedisServer.start();
    await using other = new OtherProgram(server.port);
    const [before, after] = await expected(other);
    let cuts = 0;
    let complete = false;
    for (let step = 1; !complete; step++) {
      await fill(other);
      await using proxy = new TcpProxy(server.port);
      let seen = 0;
      let cut = false;
      const count = (): void => {
        if (++seen !== step) return;
        cut = true;
        proxy.mode = "closed";
      };
      if (what === "request") proxy.onRequest = count;
      else proxy.onAnswer = count;
      const timings = { firstRetry: 60_000, lastRetry: 60_000 };
      await using store: RedisStore = await openRedisStore(redisOptions(proxy.port, { timings }));
      complete = !cut;
      if (cut) cuts++;
      const found = await other.dump(isLock);
      assertEquals(found, found.MIRRORBITS_DB_VERSION === "1" ? before : after, `${what} ${step}`);
      assertEquals(store.available, complete);
      await other.redis.del("LOCK_upgrade");
      await using next = await openRedisStore(redisOptions(server.port));
      assert(next.available);
      assertEquals(await other.dump(), after);
    }
    assert(cuts > 5, `${cuts} cuts`);
  });
}

Deno.test("the lock of an upgrade that died frees itself, and that of a living one is respected", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const [before, after] = await expected(other);
  await other.redis.set("LOCK_upgrade", "other", "PX", 2_000);
  const opening = openRedisStore(redisOptions(server.port));
  const left = await other.redis.pttl("LOCK_upgrade");
  assert(left > 0);
  assertEquals(await other.dump(isLock), before);
  await using store = await opening;
  assert(store.available);
  assertEquals(await other.dump(), after);
});

Deno.test("whoever lost the lock on the way writes nothing", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const [before, after] = await expected(other);
  await using proxy = new TcpProxy(server.port);
  let stolen = false;
  let waiting: Promise<unknown> = Promise.resolve();
  proxy.onAnswer = (text) => {
    // The answer to SCAN: a cursor and keys.
    if (stolen || !text.includes("MIRROR_12")) return;
    stolen = true;
    proxy.mode = "silent";
    waiting = other.redis.set("LOCK_upgrade", "another node").then(() => proxy.mode = "open");
  };
  const opening = openRedisStore(redisOptions(proxy.port));
  await waitFor(() => stolen, { what: "the search" });
  await waiting;
  const seen = await other.dump(isLock);
  assertEquals(seen, before);
  await other.redis.del("LOCK_upgrade");
  await using _store = await opening;
  assertEquals(await other.dump(), after);
  assertMatch(await other.redis.get("MIRRORBITS_DB_VERSION") ?? "", /^2$/);
});
