/**
 * What scans of many files cost a running daemon, on each store: time beside the bare `rsync -r`, peak
 * memory, the longest command of the store, and how long redirects take meanwhile.
 *
 *     deno run -A tests/bench/large_scan.ts [--files 500000] [--store embedded|redis]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { forgetPeak, peakMemory } from "./peak_memory.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { measureBatches } from "./redis_batches.ts";
import { SlowCommands } from "./slow_commands.ts";
import { measureTransactions } from "./transactions.ts";

const PER_DIRECTORY = 100;
/** Milliseconds between two redirects that are asked for. */
const PACE = 4;

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "500000" },
    store: { type: "string", multiple: true, default: ["embedded", "redis"] },
  },
});
const count = Number(values.files);
const pathOf = (index: number): string =>
  `/pool/main/${Math.floor(index / PER_DIRECTORY)}/package-${index}_1.0-1_amd64.deb`;

await using tree = await tempDir("mirrorbits-bench-");
for (let index = 0; index < count; index++) {
  const path = tree.path + pathOf(index);
  if (index % PER_DIRECTORY === 0) {
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  }
  Deno.writeTextFileSync(path, "");
}
await using rsyncd = await RsyncDaemon.start({ mirror: tree.path });
say(`${count} files, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}`);
say(`rsync -r alone: ${await seconds(() => listAlone())}`);
for (const store of values.store) {
  await measure(store);
  const paths = Array.from({ length: count }, (_, i) => pathOf(i));
  await (store === "embedded" ? measureTransactions : measureBatches)(paths, say);
}

async function measure(store: string): Promise<void> {
  await using directory = await tempDir("mirrorbits-bench-");
  await using redis = store === "redis" ? await RedisServer.start("--appendonly", "no") : null;
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      Repository: tree.path,
      RepositoryScanInterval: 0,
      Hashes: { SHA256: false },
      Fallbacks: [{ URL: "https://fallback.invalid/" }],
      ...(redis ? { RedisAddress: `127.0.0.1:${redis.port}` } : {}),
    },
  });
  await daemon.start();
  const slow = redis ? await SlowCommands.start(redis.port) : null;
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await slow?.reset();
    forgetPeak(daemon.pid);
    const { result, times } = await whileAsking(daemon, () => seconds(work));
    const memory = `${Math.round(peakMemory(daemon.pid) / 1024 / 1024)} MiB`;
    const longest = slow ? `, longest command ${await slow.longest()}` : "";
    say(`${store}, ${name}: ${result}, peak ${memory}${longest}, redirects ${latencies(times)}`);
  };
  await step("idle", () => new Promise((resolve) => setTimeout(resolve, 3000)));
  await step("source scan, everything new", () => daemon.ok("refresh"));
  await step("source scan, nothing changed", () => daemon.ok("refresh"));
  await daemon.ok("add", "-http", "http://127.0.0.1:9/", "-rsync", rsyncd.url("mirror"), "m1");
  await step("mirror scan, everything new", () => daemon.ok("scan", "m1"));
  await step("mirror scan, nothing changed", () => daemon.ok("scan", "m1"));
  await step("mirror removed", () => daemon.ok("remove", "-f", "m1"));
}

async function listAlone(): Promise<void> {
  const args = ["-r", "--no-motd", "--exclude=.~tmp~/", rsyncd.url("mirror")];
  await new Deno.Command("rsync", { args, stdout: "null" }).output();
}

/** Does some work while redirects of files at random are asked for, at a steady pace. */
async function whileAsking<T>(
  daemon: Daemon,
  work: () => Promise<T>,
): Promise<{ result: T; times: number[] }> {
  const times: number[] = [];
  let asking = true;
  const asked = (async () => {
    while (asking) {
      const start = performance.now();
      await daemon.get(pathOf(Math.floor(Math.random() * count)));
      const passed = performance.now() - start;
      times.push(passed);
      if (passed < PACE) await new Promise((resolve) => setTimeout(resolve, PACE - passed));
    }
  })();
  try {
    return { result: await work(), times };
  } finally {
    asking = false;
    await asked;
  }
}

function latencies(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number): string =>
    `${(times[Math.floor(times.length * share)] ?? 0).toFixed(1)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${(times.at(-1) ?? 0).toFixed(1)} ms`;
}

async function seconds(work: () => Promise<unknown>): Promise<string> {
  const start = performance.now();
  await work();
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
