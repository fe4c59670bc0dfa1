import { assert, assertEquals, assertMatch } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { Cluster, type ClusterNode } from "./cluster.ts";
import { SteadyClient } from "./steady_client.ts";
import { warmUp } from "./warm_up.ts";

const FILES = Array.from({ length: 40 }, (_, i) => `/pool/${i}.iso`);

/** Waits until the counters are what the clients were answered. */
async function assertCounted(cluster: Cluster, answered: number): Promise<void> {
  await waitFor(async () => Number(await cluster.redis.get("STATS_TOTAL")) >= answered, {
    what: "the counters",
  });
  assertEquals(Number(await cluster.redis.get("STATS_TOTAL")), answered);
  const files = Object.values(await cluster.redis.hgetall("STATS_FILE"));
  assertEquals(files.reduce((sum, count) => sum + Number(count), 0), answered);
  const mirrors = Object.values(await cluster.redis.hgetall("STATS_MIRROR"));
  assertEquals(mirrors.reduce((sum, count) => sum + Number(count), 0), answered);
  // What is counted by name goes with the downloads, in the same batches.
  for (const keys of ["????_??_??", "????_??_??_??"]) {
    const sums = { downloads: 0, "answer:redirect": 0, "country:": 0 };
    for (const key of await cluster.redis.keys(`MIRRORBITS_STATS_${keys}`)) {
      const counts = await cluster.redis.hgetall(key);
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) {
        sums[name] += Number(counts[name] ?? 0);
      }
    }
    assertEquals(sums, { downloads: answered, "answer:redirect": answered, "country:": answered });
  }
}

function journalOf(cluster: Cluster): string {
  return `${cluster.directory}/node-0/counters-journal.db`;
}

Deno.test("requests at a steady rate through an outage: known files go to mirrors, every download counts once", async () => {
  await using cluster = await Cluster.start({
    nodes: 1,
    mirrors: 3,
    files: FILES,
    config: { CheckInterval: 1, Workers: 2 },
  });
  const [{ daemon, proxy }] = cluster.nodes as [ClusterNode];
  await warmUp(daemon.address, FILES);
  await using client = new SteadyClient(daemon.address, FILES, 200);
  await waitFor(() => client.answered > 400, { what: "redirects" });
  proxy.mode = "closed";
  const outage = performance.now();
  await waitFor(() => performance.now() - outage > 6_000, { what: "the outage" });
  assert((await Deno.stat(journalOf(cluster))).isFile);
  proxy.mode = "silent";
  await waitFor(() => performance.now() - outage > 10_000, { what: "the outage" });
  proxy.mode = "open";
  const back = client.answered;
  await waitFor(() => client.answered > back + 400, { what: "requests afterwards" });
  await client.stop();
  assertEquals(client.wrong, [], "Answers that are not redirects to a mirror");
  await assertCounted(cluster, client.answered);
  const { log } = daemon;
  assertEquals(log.match(/ Error: Redis at \S+ is unavailable: /g)?.length, 1);
  assertEquals(log.match(/ Redis at \S+ is available again after \d+ s/g)?.length, 1);
  // A mark whose removal failed goes by itself.
  for (const mark of await cluster.redis.keys("MIRRORBITS_BATCH_*")) {
    assert(await cluster.redis.ttl(mark) !== -1, mark);
  }
});

Deno.test("counters of an outage outlive kill -9 and a stop, and count once", async () => {
  await using cluster = await Cluster.start({
    nodes: 1,
    mirrors: 3,
    files: FILES,
    config: { CheckInterval: 1 },
  });
  const [{ daemon, proxy }] = cluster.nodes as [ClusterNode];
  const asked = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      assertEquals((await daemon.get(FILES[i % FILES.length]!)).status, 302);
    }
  };
  await asked(40);
  await waitFor(async () => Number(await cluster.redis.get("STATS_TOTAL")) === 40, {
    what: "the counters",
  });
  proxy.mode = "closed";
  await asked(50);
  await waitFor(async () => (await Deno.stat(journalOf(cluster))).isFile, { what: "the journal" });
  await asked(50);
  // What was counted is in the journal at the next look, half a second later.
  const end = performance.now() + 2_000;
  await waitFor(() => performance.now() > end, { what: "the journal to be written" });
  await daemon.stop("SIGKILL");
  proxy.mode = "open";
  await daemon.start();
  await assertCounted(cluster, 140);
  assertMatch(daemon.log, / Counting 100 downloads that wait in ".*counters-journal\.db"/);

  await asked(40);
  await assertCounted(cluster, 180);
  proxy.mode = "closed";
  await asked(20);
  assertEquals(await daemon.stop("SIGTERM"), 0);
  assertMatch(daemon.log, / 20 downloads wait in ".*counters-journal\.db", and are counted after/);
  proxy.mode = "open";
  await daemon.start();
  await assertCounted(cluster, 200);
});
