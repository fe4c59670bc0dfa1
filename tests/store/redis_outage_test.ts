import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UnsupportedDatabaseError } from "../../lib/store/redis/database_version.ts";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { type StoreChange, StoreUnavailableError } from "../../lib/store/store.ts";
import { freePort } from "../support/free_port.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { assertRejectsAtOnce, FILE, OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

const never = new AbortController().signal;

Deno.test("an outage: fails fast, told once, back by itself, and everything works again", async () => {
  await using server = await RedisServer.start();
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(redisOptions(server.port));
  const changes: StoreChange[] = [];
  store.watch((change) => changes.push(change), never);
  await store.updateSource({ changed: [FILE], removed: [] }, never);
  await waitFor(() => changes.length > 0, { what: "the change" });
  changes.length = 0;

  await server.stop();
  await waitFor(() => !store.available && !reader.available, { what: "the outage" });
  assertEquals(changes, [{ type: "availability", available: false }]);
  await assertRejectsAtOnce(() => store.lookup("/a"));
  await assertRejectsAtOnce(() => reader.lookup("/a"));
  await assertRejectsAtOnce(() => store.mirrors());
  await assertRejectsAtOnce(() => store.lock("source"));
  await assertRejectsAtOnce(() => store.cluster.send("HELLO"));
  const error = await assertRejects(async () => await store.lookup("/a"), StoreUnavailableError);
  assertMatch(error.message, /^Redis at 127\.0\.0\.1:\d+ is unavailable: [a-z]/i);

  await server.start();
  await waitFor(() => changes.some((change) => change.type === "missed"), { what: "the return" });
  assertEquals(changes, [
    { type: "availability", available: false },
    { type: "availability", available: true },
    { type: "missed" },
  ]);
  changes.length = 0;
  assertEquals(await store.lookup("/a"), { file: FILE, copies: [] });
  await waitFor(() => reader.available, { what: "the reader" });
  assertEquals(await reader.lookup("/a"), { file: FILE, copies: [] });
  await store.updateSource({ changed: [], removed: ["/a"] }, never);
  await waitFor(() => changes.some((change) => change.type === "files"), { what: "a message" });
  const lines = shown(options.log);
  assertEquals(lines.length, 2, lines.join("\n"));
  assertMatch(lines[0]!, /^error: Redis at 127\.0\.0\.1:\d+ is unavailable: /);
  assertMatch(lines[1]!, /^info: Redis at 127\.0\.0\.1:\d+ is available again after \d+ s$/);
});

Deno.test("a server that is down at the start comes later", async () => {
  await using server = await RedisServer.start();
  await server.stop();
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(redisOptions(server.port));
  assertEquals([store.available, reader.available], [false, false]);
  await assertRejects(() => store.mirrors(), StoreUnavailableError, "connection refused");
  assertMatch(store.description, /^Redis at 127\.0\.0\.1:\d+, database 0$/);
  await server.start();
  await waitFor(() => store.available && reader.available, { what: "the store" });
  assertEquals(await store.mirrors(), []);
  assertEquals(shown(options.log).length, 2);
});

Deno.test("a server that hangs: commands fail in time, and it is back when it answers", async () => {
  await using server = await RedisServer.start();
  const timings = { answer: 300, connect: 300, firstRetry: 20, lastRetry: 50 };
  await using store = await openRedisStore(redisOptions(server.port, { timings }));
  server.signal("SIGSTOP");
  try {
    const start = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, async () => await store.lookup("/a")),
    );
    assert(performance.now() - start < 12_000, "Commands wait for a server that hangs");
    for (const result of results) {
      assert(result.status === "rejected" && result.reason instanceof StoreUnavailableError);
    }
    await waitFor(() => !store.available, { what: "the outage" });
    await assertRejects(async () => await store.lookup("/a"), StoreUnavailableError);
  } finally {
    server.signal("SIGCONT");
  }
  await waitFor(async () => await store.lookup("/a") === null, { what: "the return" });
});

Deno.test("an idle connection that only listens is kept, and messages still arrive", async () => {
  await using server = await RedisServer.start("--timeout", "0");
  // Longer between two signs of life than an answer may take: silence alone must not close it.
  const timings = { answer: 600, ping: 900 };
  const options = redisOptions(server.port, { timings });
  await using store = await openRedisStore(options);
  await using other = new OtherProgram(server.port);
  const changes: StoreChange[] = [];
  store.watch((change) => changes.push(change), never);
  const pings = async (): Promise<number> => {
    const stats = await other.redis.info("commandstats");
    return Number(/cmdstat_ping:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };
  await waitFor(async () => await pings() >= 2, { what: "signs of life" });
  await other.redis.publish("_mirrorbits_mirror_update", "5");
  await waitFor(() => changes.length > 0, { what: "the message" });
  assertEquals(changes, [{ type: "mirror", id: 5 }]);
  assertEquals(options.log.lines, []);
});

Deno.test("a listening connection that was cut comes back and says that messages were missed", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const changes: StoreChange[] = [];
  store.watch((change) => changes.push(change), never);
  await other.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await waitFor(() => changes.length > 0, { what: "the return" });
  assertEquals(changes, [{ type: "missed" }]);
  await other.redis.publish("_mirrorbits_file_update", "/x");
  await waitFor(() => changes.length > 1, { what: "a message" });
  assertEquals(changes[1], { type: "files", paths: ["/x"] });
});

Deno.test("a wrong or missing password is told once in clear words, without the password", async () => {
  await using server = await RedisServer.start("--requirepass", "r1ght");
  for (
    const [password, expected] of [
      ["s3cret", /^error: Redis at 127\.0\.0\.1:\d+ refuses the password in RedisPassword: /],
      ["", /^error: Redis at 127\.0\.0\.1:\d+ asks for a password, and RedisPassword is not set$/],
    ] as const
  ) {
    const options = redisOptions(server.port, { password });
    await using store = await openRedisStore(options);
    const attempts = (): number => options.log.lines.length;
    await waitFor(() => attempts() > 6, { what: "more attempts" });
    const lines = shown(options.log);
    assertEquals(lines.length, 1, lines.join("\n"));
    assertMatch(lines[0]!, expected);
    const error = await assertRejects(() => store.mirrors(), StoreUnavailableError);
    assertEquals(`${options.log.lines.join()}${error.stack}`.includes("s3cret"), false);
  }
  await using store = await openRedisStore(redisOptions(server.port, { password: "r1ght" }));
  assertEquals(await store.mirrors(), []);
});

Deno.test("a password that nobody asks for does no harm", async () => {
  await using server = await RedisServer.start();
  const options = redisOptions(server.port, { password: "s3cret" });
  await using store = await openRedisStore(options);
  assertEquals(await store.mirrors(), []);
  assertEquals(options.log.lines.join().includes("s3cret"), false);
});

Deno.test("a password that is changed while the store is open is an outage", async () => {
  await using server = await RedisServer.start("--requirepass", "one");
  const options = redisOptions(server.port, { password: "one" });
  await using store = await openRedisStore(options);
  await using other = new OtherProgram(server.port, "one");
  await other.redis.config("SET", "requirepass", "two");
  await other.redis.call("CLIENT", "KILL", "TYPE", "normal");
  await waitFor(() => shown(options.log).some((line) => line.includes("RedisPassword")), {
    what: "the message",
  });
  assertEquals(store.available, false);
});

Deno.test("a replica is refused with a clear message", async () => {
  await using primary = await RedisServer.start();
  await using replica = await RedisServer.start("--replicaof", `127.0.0.1 ${primary.port}`);
  const options = redisOptions(replica.port);
  await using store = await openRedisStore(options);
  assertEquals(store.available, false);
  await waitFor(() => shown(options.log).some((line) => line.includes("replica")), {
    what: "the message",
  });
  assertEquals(
    shown(options.log).at(-1),
    `error: Redis at 127.0.0.1:${replica.port} is a replica of 127.0.0.1:${primary.port}: ` +
      "RedisAddress must be that of the primary",
  );
});

Deno.test("a primary that becomes a replica is an outage", async () => {
  await using primary = await RedisServer.start();
  await using server = await RedisServer.start();
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await using other = new OtherProgram(server.port);
  await other.redis.replicaof("127.0.0.1", primary.port);
  await assertRejects(
    () => store.addMirror({ name: "m" } as Parameters<typeof store.addMirror>[0]),
    StoreUnavailableError,
  );
  assertEquals(store.available, false);
  await other.redis.replicaof("NO", "ONE");
  await waitFor(() => store.available, { what: "the return" });
});

Deno.test("a database that does not exist is told", async () => {
  await using server = await RedisServer.start();
  const options = redisOptions(server.port, { db: 99 });
  await using store = await openRedisStore(options);
  assertEquals(store.available, false);
  assertMatch(shown(options.log)[0]!, /^error: Redis at \S+ has no database 99 \(RedisDB\): /);
});

Deno.test("a database of another version is refused, and stays as it is", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const cases: [Record<string, string>, RegExp][] = [
    [{ MIRRORBITS_DB_VERSION: "0" }, /has version 0, from years ago, .*start the original/],
    [{ MIRRORBITS_DB_VERSION: "3" }, /has version 3, from a newer Mirrorbits, and version 2 is/],
    [{ MIRRORBITS_DB_VERSION: "x" }, /"MIRRORBITS_DB_VERSION" holds "x", which is no version/],
    [{}, /has version 0, from years ago, .*start the original Mirrorbits 0\.5 or 0\.6/],
  ];
  for (const [keys, message] of cases) {
    await other.redis.flushall();
    if (Object.keys(keys).length > 0) await other.redis.mset(keys);
    await other.redis.hset("MIRRORS", { 1: "m" });
    const before = await other.dump();
    const error = await assertRejects(
      () => openRedisStore(redisOptions(server.port)),
      UnsupportedDatabaseError,
    );
    assertMatch(error.message, message);
    assertMatch(error.message, /^Redis at 127\.0\.0\.1:\d+, database 0: /);
    await using reader = await openRedisReader(redisOptions(server.port));
    await assertRejects(() => reader.lookup("/a"), StoreUnavailableError);
    assertEquals(await other.dump(), before);
  }
});

Deno.test("a database of another version that comes after an outage is not touched", async () => {
  await using server = await RedisServer.start();
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await using other = new OtherProgram(server.port);
  await other.redis.set("MIRRORBITS_DB_VERSION", "3");
  await other.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await waitFor(() => shown(options.log).some((line) => line.includes("has version 3")), {
    what: "the message",
  });
  await assertRejects(() => store.mirrors(), StoreUnavailableError, "has version 3");
  await other.redis.set("MIRRORBITS_DB_VERSION", "2");
  await waitFor(() => store.available, { what: "the return" });
});

Deno.test("an address where nobody answers in time does not keep the store from opening", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const options = redisOptions(silent.addr.port, { timings: { answer: 100, connect: 100 } });
  await using store = await openRedisStore(options);
  assertEquals(store.available, false);
  assertEquals(shown(options.log).length, 1);
});

Deno.test("the signal closes the store", async () => {
  await using server = await RedisServer.start();
  const controller = new AbortController();
  const options = redisOptions(server.port, { signal: controller.signal });
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(options);
  controller.abort();
  assertEquals([store.available, reader.available], [false, false]);
  await assertRejects(() => store.mirrors(), StoreUnavailableError);
  assertEquals(shown(options.log), []);
});

Deno.test("closing while nothing is connected ends at once", async () => {
  const options = redisOptions(freePort(), { timings: { firstRetry: 60_000, lastRetry: 60_000 } });
  await using _store = await openRedisStore(options);
  await using _reader = await openRedisReader(options);
});
