import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assert, assertEquals } from "@std/assert";
import type { RedisConnection } from "../../lib/store/redis/connection.ts";
import { takeLock } from "../../lib/store/redis/lock.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const KEY = "SOURCE_REPO_SYNC";

Deno.test("a lock is renewed as long as it is held, and gone once it is released", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const timings = { lockRenewal: 50 };
  await using store = await openRedisStore(redisOptions(server.port, { timings }));
  const lock = await store.lock("source");
  assert(lock);
  await other.redis.pexpire(KEY, 2_000);
  await waitFor(async () => await other.redis.pttl(KEY) > 9_000, { what: "the renewal" });
  assertEquals(lock.signal.aborted, false);
  await lock[Symbol.asyncDispose]();
  assertEquals(await other.redis.exists(KEY), 0);
});

Deno.test("a lock that someone else took is lost, and is not freed", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const timings = { lockRenewal: 20 };
  await using store = await openRedisStore(redisOptions(server.port, { timings }));
  await using lock = await store.lock("source");
  assert(lock);
  await other.redis.set(KEY, "1", "EX", 10);
  await waitFor(() => lock.signal.aborted, { what: "the loss" });
  assertEquals(lock.signal.reason.message, `The lock "${KEY}" was taken away`);
  await lock[Symbol.asyncDispose]();
  assertEquals(await other.redis.get(KEY), "1");
  assertEquals(await store.lock("source"), null);
});

Deno.test("releasing a lock leaves the one of another alone", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  const lock = await store.lock({ mirrorId: 4 });
  await other.redis.set("SCANNING_4", "1");
  await lock![Symbol.asyncDispose]();
  assertEquals(await other.redis.get("SCANNING_4"), "1");
});

Deno.test("a lock outlives a short outage, and is lost in a long one before it runs out", async () => {
  await using server = await RedisServer.start();
  const timings = { lockRenewal: 100, lockLife: 4_000, firstRetry: 20, lastRetry: 50 };
  await using store = await openRedisStore(redisOptions(server.port, { timings }));
  await using lock = await store.lock("source");
  assert(lock);
  await server.stop();
  await waitFor(() => !store.available, { what: "the outage" });
  await server.start();
  await waitFor(() => store.available, { what: "the return" });
  await using other = new OtherProgram(server.port);
  await waitFor(async () => await other.redis.pttl(KEY) > 3_500, { what: "the renewal" });
  assertEquals(lock.signal.aborted, false);
  await server.stop();
  await waitFor(() => lock.signal.aborted, { what: "the loss" });
  assertEquals(lock.signal.reason.message, `The lock "${KEY}" could not be renewed in time`);
});

Deno.test("locks of the original are respected", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  await other.redis.set("SCANNING_3", "1", "EX", 10);
  assertEquals(await store.lock({ mirrorId: 3 }), null);
});

Deno.test("a lock counts as lost before it is free in Redis, whenever it was renewed last", async () => {
  // Timers come in their order, however busy the machine is: one of Redis' own runs beside the lock's.
  const timings = { lockRenewal: 100, lockLife: 1_000 };
  for (const renewals of [0, 2]) {
    let expired = false;
    let life: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      clearTimeout(life);
      life = setTimeout(() => expired = true, timings.lockLife);
    };
    let left = renewals;
    const connection = {
      run() {
        write();
        return Promise.resolve("OK");
      },
      script() {
        if (left-- <= 0) return Promise.reject(new Error("away"));
        write();
        return Promise.resolve(1);
      },
    } as unknown as RedisConnection;
    await using lock = await takeLock(connection, "source", { clock: systemClock, timings });
    assert(lock);
    await waitFor(() => lock.signal.aborted || expired, { what: "the end of the lock" });
    assertEquals([lock.signal.aborted, expired], [true, false]);
    clearTimeout(life);
  }
});
