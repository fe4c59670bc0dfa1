import { assertEquals, assertMatch } from "@std/assert";
import { OtherProgram } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { SentinelGroup } from "../support/sentinel_group.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeOriginalDatabase } from "./original_database.ts";
import { SteadyClient } from "./steady_client.ts";
import { warmUp } from "./warm_up.ts";

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5);
const PATHS = Array.from({ length: 20 }, (_, i) => `/${i}.iso`);

Deno.test("requests go on through a fail-over by Sentinel, and every download counts once", async () => {
  await using group = await SentinelGroup.start("s3cret");
  const [first, second] = group.servers;
  await using directory = await tempDir("mirrorbits-sentinel-e2e-");
  const repository = `${directory.path}/repository`;
  await Deno.mkdir(repository);
  for (const path of PATHS) {
    await Deno.writeTextFile(repository + path, path);
    await Deno.utime(repository + path, new Date(TIME), new Date(TIME));
  }
  await using server = MirrorServer.start(repository);
  {
    await using other = new OtherProgram(first.port, "s3cret");
    await writeOriginalDatabase(other.redis, {
      mirrors: [1, 2].map((id) => ({ id, name: `m${id}`, http: server.url })),
      files: PATHS.map((path) => ({ path, size: path.length, modTime: TIME })),
      now: Date.now(),
    });
    await other.redis.wait(1, 5_000);
  }
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      Repository: repository,
      RedisSentinels: group.ports.map((port) => ({ Host: `127.0.0.1:${port}` })),
      RedisSentinelMasterName: group.masterName,
      RedisPassword: "s3cret",
      RepositoryScanInterval: 0,
    },
  });
  await daemon.start();
  assertMatch(
    daemon.log,
    new RegExp(
      `Store: Redis \\S+ at 127\\.0\\.0\\.1:${first.port}, "mymaster" of Sentinel, .* 2 mirrors`,
    ),
  );
  await warmUp(daemon.address, PATHS);
  await using client = new SteadyClient(daemon.address, PATHS, 100);
  await waitFor(() => client.answered > 200, { what: "redirects" });
  first.signal("SIGKILL");
  await group.waitForPrimary(second);
  await waitFor(() => daemon.log.includes("is available again"), { what: "the new primary" });
  const back = client.answered;
  await waitFor(() => client.answered > back + 200, { what: "requests afterwards" });
  await client.stop();
  assertEquals(client.wrong, []);
  await using other = new OtherProgram(second.port, "s3cret");
  await waitFor(async () => Number(await other.redis.get("STATS_TOTAL")) >= client.answered, {
    what: "the counters",
  });
  assertEquals(await other.redis.get("STATS_TOTAL"), `${client.answered}`);
  let series = 0;
  for (const key of await other.redis.keys("MIRRORBITS_STATS_????_??_??")) {
    series += Number(await other.redis.hget(key, "downloads"));
  }
  assertEquals(series, client.answered);
  // What is changed from now on is changed there.
  await daemon.ok("disable", "m1");
  assertEquals(await other.redis.hget("MIRROR_1", "enabled"), "0");
  assertEquals(daemon.log.includes("s3cret"), false);
});
