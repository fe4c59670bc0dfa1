import { assertEquals, assertRejects } from "@std/assert";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { respList, RespServer } from "../support/resp_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const BATCH = { day: "2026-11-22", files: new Map([["/a", 1]]), mirrors: new Map() };

Deno.test("with Sentinels, downloads count as written only once a replica has them", async () => {
  await using primary = await RedisServer.start("--repl-diskless-sync-delay", "0");
  await using replica = await RedisServer.start("--replicaof", `127.0.0.1 ${primary.port}`);
  await using other = new OtherProgram(primary.port);
  await waitFor(
    async () => (await other.redis.info("replication")).includes("state=online"),
    { what: "the replica" },
  );
  await using sentinel = new RespServer(() =>
    respList(["ip", "127.0.0.1", "port", `${primary.port}`, "config-epoch", "1"])
  );
  const addresses = [{ hostname: "127.0.0.1", port: sentinel.port }];
  await using store = await openRedisStore(
    redisOptions(0, { address: null, sentinels: { masterName: "m", addresses } }),
  );
  // A machine that stands still for a while: the batch is added again under its ID, and counts once.
  await waitFor(() => store.addDownloads(BATCH, "first").then(() => true, () => false), {
    what: "the replica to confirm",
  });
  replica.signal("SIGSTOP");
  try {
    await assertRejects(
      () => store.addDownloads(BATCH, "second"),
      StoreUnavailableError,
      "no replica has confirmed",
    );
  } finally {
    replica.signal("SIGCONT");
  }
  await waitFor(() => store.addDownloads(BATCH, "second").then(() => true, () => false), {
    what: "the replica to confirm",
  });
  assertEquals(await store.fileDownloads("/a", [""]), [2]);
});
