import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { CounterBuffer } from "../../lib/stats/counter_buffer.ts";
import type { RedisOptions } from "../../lib/store/redis/redis_options.ts";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";
import { RedisServer } from "../support/redis_server.ts";
import { SentinelGroup } from "../support/sentinel_group.ts";
import { waitFor } from "../support/wait_for.ts";
import { FILE, OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

const TIMINGS = { answer: 500, connect: 500, firstRetry: 20, lastRetry: 100, sentinel: 100 };

function throughSentinels(
  { ports, masterName, password }: Pick<SentinelGroup, "ports" | "masterName" | "password">,
  changes: Partial<RedisOptions> = {},
): RedisOptions & { log: MemoryLog } {
  const addresses = ports.map((port) => ({ hostname: "127.0.0.1", port }));
  const sentinels = { masterName, addresses };
  return redisOptions(0, { address: null, sentinels, password, timings: TIMINGS, ...changes });
}

for (const [password, way] of [["", "dies"], ["s3cret", "freezes"]] as const) {
  Deno.test(`fail-over when the primary ${way}: no counter is lost or doubled, the new primary is used`, async () => {
    await using group = await SentinelGroup.start(password);
    const [first, second] = group.servers;
    const options = throughSentinels(group);
    await using store = await openRedisStore(options);
    await using reader = await openRedisReader(throughSentinels(group));
    assertMatch(
      store.description,
      new RegExp(` at 127\\.0\\.0\\.1:${first.port}, "mymaster" of Sentinel, database 0$`),
    );
    await store.updateSource({ changed: [FILE], removed: [] }, new AbortController().signal);

    let counted = 0;
    const log = new MemoryLog();
    {
      await using counters = new CounterBuffer({
        store,
        log,
        clock: systemClock,
        sameDownloadInterval: () => 600,
        interval: 20,
      });
      const count = (): void => {
        counted++;
        counters.add(recordedAnswers({
          batches: [{
            day: "2026-11-22",
            files: new Map([["/a", 1]]),
            mirrors: new Map([[1, { downloads: 1, bytes: 10 }]]),
          }],
        }));
      };
      const timer = setInterval(count, 5);
      try {
        await waitFor(() => counted > 100, { what: "downloads" });
        if (way === "dies") first.signal("SIGKILL");
        else first.signal("SIGSTOP");
        await group.waitForPrimary(second);
        // What froze is not known to be gone at once.
        const found = await waitFor(
          async () => store.description.includes(`:${second.port},`) && await reader.lookup("/a"),
          { what: "the new primary" },
        );
        assertEquals(found.file, FILE);
        const before = counted;
        await waitFor(() => counted > before + 100, { what: "more downloads" });
        if (way === "freezes") {
          // It wakes up as a primary, and is told only then what it is now.
          first.signal("SIGCONT");
          const then = counted;
          await waitFor(() => counted > then + 200, { what: "more downloads" });
        }
      } finally {
        clearInterval(timer);
      }
      await waitFor(() => counters.empty, { what: "the counters to be written" });
    }
    await using other = new OtherProgram(second.port, password || undefined);
    assertEquals(await other.redis.hgetall("STATS_FILE"), { "/a": `${counted}` });
    assertEquals(await other.redis.hgetall("STATS_MIRROR_BYTES"), { 1: `${counted * 10}` });
    assertEquals(await other.redis.get("STATS_TOTAL"), `${counted}`);
    // A mark whose removal did not reach the replica in time runs out by itself.
    for (const mark of await other.redis.keys("MIRRORBITS_BATCH_*")) {
      assert(await other.redis.ttl(mark) > 0, mark);
    }
    assertMatch(
      store.description,
      new RegExp(` at 127\\.0\\.0\\.1:${second.port}, "mymaster" of Sentinel, database 0$`),
    );
    const lines = shown(options.log);
    assertEquals(lines.length, 2, lines.join("\n"));
    assertMatch(lines[0]!, /^error: Redis "mymaster" is unavailable: /);
    assertMatch(lines[1]!, /^info: Redis "mymaster" is available again after \d+ s$/);
    assertEquals(log.lines, []);
    if (password !== "") assertEquals(options.log.lines.join().includes(password), false);
  });
}

Deno.test("a primary that still answers is left when the Sentinels name another", async () => {
  await using group = await SentinelGroup.start();
  const [first, second] = group.servers;
  const options = throughSentinels(group);
  await using store = await openRedisStore(options);
  await using sentinel = new OtherProgram(group.ports[0]!);
  await sentinel.redis.call("SENTINEL", "FAILOVER", group.masterName);
  await group.waitForPrimary(second);
  await waitFor(() => store.available && store.description.includes(`:${second.port},`), {
    what: "the new primary",
  });
  await waitFor(async () => {
    // Its connections are closed when it becomes a replica.
    await using other = new OtherProgram(first.port);
    return (await other.redis.info("replication")).includes("role:slave");
  }, { what: "the old primary to follow" });
  await store.updateSource({ changed: [FILE], removed: [] }, new AbortController().signal);
});

Deno.test("Sentinels that are away, know nothing or want another password are told in clear words", async () => {
  const nobody = { ports: [freePort(), freePort()], masterName: "m", password: "" };
  const away = throughSentinels(nobody);
  await using store = await openRedisStore(away);
  assertEquals(store.available, false);
  assertMatch(
    shown(away.log)[0]!,
    /^error: Redis "m" is unavailable: no Sentinel answers \(127\.0\.0\.1:\d+: connection refused; /,
  );
  await assertRejects(() => store.mirrors(), StoreUnavailableError, "no Sentinel answers");

  await using group = await SentinelGroup.start("s3cret");
  const wrongName = throughSentinels({ ...group, ports: group.ports, masterName: "other" }, {
    password: "s3cret",
  });
  await using _first = await openRedisStore(wrongName);
  assertMatch(
    shown(wrongName.log)[0]!,
    /^error: Sentinel at \S+ knows no master "other" \(RedisSentinelMasterName\)$/,
  );
  const wrongPassword = throughSentinels(group, { password: "wr0ng" });
  await using _second = await openRedisStore(wrongPassword);
  assertMatch(
    shown(wrongPassword.log)[0]!,
    /^error: Sentinel at \S+ refuses the password in RedisPassword: /,
  );
  assert(!wrongPassword.log.lines.join().includes("wr0ng"));
});

Deno.test("without any Sentinel, the address is used that is given besides", async () => {
  await using server = await RedisServer.start();
  const nobody = { ports: [freePort()], masterName: "m", password: "" };
  const address = { hostname: "127.0.0.1", port: server.port };
  await using store = await openRedisStore(throughSentinels(nobody, { address }));
  assertEquals(await store.mirrors(), []);
});
