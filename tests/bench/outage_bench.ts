/**
 * 24 000 requests per minute through an outage of Redis of 60 s. It says how many were not sent to a
 * mirror, and whether the counters are the requests at the end; it fails when they are not. Run by
 * `deno run -P=test tests/bench/outage_bench.ts [SECONDS]`.
 *
 * @module
 */
import { Cluster } from "../cluster/cluster.ts";
import { SteadyClient } from "../cluster/steady_client.ts";
import { waitFor } from "../support/wait_for.ts";

const FILES = Array.from({ length: 500 }, (_, i) => `/pool/${i}.iso`);
const RATE = 400;

const say = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
};

/** Waits, in seconds. */
function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

if (import.meta.main) {
  const seconds = Number(Deno.args[0] ?? 60);
  await using cluster = await Cluster.start({
    nodes: 1,
    mirrors: 10,
    files: FILES,
    config: { CheckInterval: 1, Workers: "auto" },
  });
  const { daemon, proxy } = cluster.nodes[0]!;
  await using client = new SteadyClient(daemon.address, FILES, RATE);
  await pass(5);
  const before = client.answered;
  proxy.mode = "closed";
  await pass(seconds);
  const during = client.answered - before;
  proxy.mode = "open";
  await pass(5);
  await client.stop();
  const total = async (): Promise<number> => Number(await cluster.redis.get("STATS_TOTAL"));
  await waitFor(async () => await total() >= client.answered, { what: "the counters" })
    .catch(() => {});
  say(`Outage of ${seconds} s: ${during} requests in it, ${client.answered} in all`);
  say(`Not sent to a mirror: ${client.wrong.length}`);
  say(`Counters: ${await total()}`);
  if (client.wrong.length > 0 || await total() !== client.answered) Deno.exitCode = 1;
}
