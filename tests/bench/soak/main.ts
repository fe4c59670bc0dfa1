/**
 * A long day in short: mixed traffic for half an hour (redirects, pages, ranged downloads, paths that do
 * not exist, slow readers, idle connections) on Redis while the daemon is reloaded, scans, is upgraded
 * twice and loses Redis for a while. Ends with 1 unless memory is flat in the last two thirds (each
 * thirtieth of the time within 10 % of the middle one), every answer is as it should be (503 in the
 * outage alone, for what is not known), and the counters are exact.
 *
 *     deno task bench:soak [--minutes 30] [--rate 300] [--idle 2000] [--slow 50] [--outage 30]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { OtherProgram } from "../../store/redis_helpers.ts";
import { warmUp } from "../../cluster/warm_up.ts";
import { Daemon } from "../../support/daemon.ts";
import { MirrorServer } from "../../support/mirror_server.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { residentMemory } from "../http/load.ts";
import { spreadOf } from "../spread.ts";
import { HeldConnections } from "./held_connections.ts";
import { type Kind, Traffic } from "./traffic.ts";

const FILES = 200;
const SIZE = 10_000;
const THREADS = 2;
/** Parts of the time: memory is told for each, and the last two thirds have to be alike. */
const PARTS = 30;
/** Share by which memory may differ from the middle part's. */
const FLAT = 0.1;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    rate: { type: "string", default: "300" },
    idle: { type: "string", default: "2000" },
    slow: { type: "string", default: "50" },
    outage: { type: "string", default: "30" },
  },
});
const duration = Number(values.minutes) * 60_000;
const rate = Number(values.rate);

await using directory = await tempDir("mirrorbits-soak-");
const repository = `${directory.path}/repository`;
await Deno.mkdir(repository);
const paths = Array.from({ length: FILES }, (_, i) => `/file-${i}.iso`);
for (const path of paths) await Deno.writeTextFile(repository + path, path.padEnd(SIZE));
await using redis = await RedisServer.start();
await using mirror = MirrorServer.start(repository);
await using rsyncd = await RsyncDaemon.start({ mod: repository });
await using daemon = new Daemon({
  directory: directory.path,
  config: {
    Repository: repository,
    RedisAddress: `127.0.0.1:${redis.port}`,
    LogDir: directory.path,
    Workers: THREADS,
    CheckInterval: 1,
  },
});
await daemon.start();
await daemon.ok("refresh");
const names = ["one", "two", "three"];
for (const name of names) {
  await daemon.ok("add", "-http", mirror.url, "-rsync", rsyncd.url("mod"), name);
  await daemon.ok("scan", "-enable", name);
}
await waitFor(async () => (await daemon.get(paths[0]!)).status === 302, { what: "a mirror" });
await waitFor(async () => await counted() >= 1, { what: "the counters" });
const before = { counters: await counted(), log: await logged() };

let ranged = 0;
let asked = 0;
const any = (): string => paths[asked++ % FILES]!;
const kinds: readonly Kind[] = [
  { name: "redirects", rate: rate * 0.7, status: 302, next: () => ({ path: any() }) },
  {
    name: "ranged, in two parts",
    rate: rate * 0.05,
    status: 302,
    next: () => {
      // The second part of a download by the same client is none of its own.
      const number = ranged++ >> 1;
      const from = ranged % 2 === 0 ? SIZE / 2 : 0;
      return {
        path: paths[number % FILES]!,
        headers: { "User-Agent": `soak/${number}`, Range: `bytes=${from}-${from + SIZE / 2 - 1}` },
      };
    },
  },
  {
    name: "lists of mirrors",
    rate: rate * 0.1,
    status: 200,
    next: () => ({ path: `${any()}?mirrorlist` }),
  },
  {
    name: "statistics",
    rate: 1,
    status: 200,
    needsStore: true,
    next: () => ({ path: "/?mirrorstats" }),
  },
  {
    name: "paths that do not exist",
    rate: rate * 0.15,
    status: 404,
    needsStore: true,
    next: () => ({ path: `/none-${asked++}` }),
  },
];
const start = performance.now();
await using traffic = new Traffic(daemon.address, kinds);
await using held = new HeldConnections(
  daemon.address,
  Number(values.idle),
  Number(values.slow),
  `${paths[0]}?mirrorlist`,
);

const memory: number[][] = Array.from({ length: PARTS }, () => []);
const done: Record<string, number> = {};
const sampler = setInterval(() => {
  const part = memory[Math.floor((performance.now() - start) / duration * PARTS)];
  const megabytes = residentMemory(daemon.pid);
  if (megabytes !== null) part?.push(megabytes);
}, Math.min(2_000, duration / PARTS / 5));

/** What happens at which share of the time. */
const events: readonly (readonly [at: number, action: () => Promise<void>])[] = [
  ...[0.06, 0.18].map((at) => [at, upgrade] as const),
  ...[0.02, 0.12, 0.25, 0.37, 0.42, 0.62, 0.75, 0.9].map((at) => [at, reload] as const),
  ...[0.04, 0.15, 0.22, 0.4, 0.6, 0.7, 0.8, 0.95].map((at) => [at, scan] as const),
  [0.5, outage] as const,
];
for (const [at, action] of events.toSorted(([a], [b]) => a - b)) {
  await until(at);
  await action();
  done[action.name] = (done[action.name] ?? 0) + 1;
}
await until(1);
clearInterval(sampler);
const open = held.open;
await traffic.stop();
await held.stop();

const outcomes = [...traffic.outcomes];
const redirects = outcomes.find(([{ name }]) => name === "redirects")![1].answered;
const expected = redirects + Math.ceil(ranged / 2);
const counters = async (): Promise<number> => await counted() - before.counters;
await waitFor(async () => await counters() >= expected, { what: "the counters" }).catch(() => {});
const log = await logged() - before.log;
const answers = outcomes.filter(([{ status }]) => status === 302)
  .reduce((sum, [, { answered }]) => sum + answered, 0);

say(`${values.minutes} minutes, Deno ${Deno.version.deno}, ${JSON.stringify(done)}, ${open} held`);
say("");
say("| requests | as they should be | 503 in the outage | slowest, ms |");
say("|---|---|---|---|");
for (const [{ name }, { answered, unavailable, slowest }] of outcomes) {
  say(`| ${name} | ${answered} | ${unavailable} | ${slowest.toFixed(0)} |`);
}
say("");
say("| judged | figure | holds |");
say("|---|---|---|");
judge("wrong answers", `${traffic.wrongs}`, traffic.wrongs === 0);
const total = await counters();
judge("downloads counted", `${total} of ${expected}`, total === expected);
judge("lines of redirects in the log", `${log} of ${answers}`, log === answers);
const parts = memory.slice(PARTS / 3).filter((part) => part.length > 0)
  .map((part) => spreadOf(part).median);
const { median, low, high } = spreadOf(parts);
judge(
  "memory in the last two thirds, MB",
  `${low.toFixed(0)}–${high.toFixed(0)}, in the middle ${median.toFixed(0)}`,
  low >= median * (1 - FLAT) && high <= median * (1 + FLAT),
);
say("");
say(`Memory of each part, MB: ${memory.map((part) => spreadOf(part).median.toFixed(0)).join(" ")}`);
for (const what of traffic.wrong) say(`Wrong: ${what}`);
await daemon.stop();

async function upgrade(): Promise<void> {
  await daemon.ok("upgrade");
  await daemon.follow();
}

async function reload(): Promise<void> {
  await daemon.ok("reload");
}

async function scan(): Promise<void> {
  await daemon.ok("refresh");
  await daemon.ok("scan", "one");
}

/** Stops Redis for a while. What every thread knows before is answered all the time. */
async function outage(): Promise<void> {
  await warmUp(daemon.address, paths);
  traffic.outage = true;
  const from = performance.now();
  await redis.stop();
  const length = Math.min(Number(values.outage) * 1000, duration / 10);
  await new Promise((resolve) => setTimeout(resolve, length));
  await redis.start();
  await waitFor(async () => (await daemon.cli("health")).code === 0, { what: "the store" });
  // Each thread finds Redis again by itself: every connection gets one of them.
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const reach = async (): Promise<boolean> => {
    const statuses = await Promise.all(Array.from({ length: THREADS * 15 }, async (_, i) => {
      const response = await fetch(`http://${daemon.address}/none-${i}`, { client });
      await response.body?.cancel();
      return response.status;
    }));
    return statuses.every((status) => status === 404);
  };
  await waitFor(reach, { what: "answers of every thread" });
  traffic.outage = false;
  const [began, ended] = [from, performance.now()].map((at) => ((at - start) / 1000).toFixed(1));
  say(`Redis was stopped after ${began} s, and every thread had it again after ${ended} s`);
}

async function until(share: number): Promise<void> {
  const rest = start + share * duration - performance.now();
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
}

async function counted(): Promise<number> {
  await using other = new OtherProgram(redis.port);
  return Number(await other.redis.get("STATS_TOTAL") ?? 0);
}

async function logged(): Promise<number> {
  let lines = 0;
  let rest = "";
  const { readable } = await Deno.open(`${directory.path}/downloads.log`);
  for await (const text of readable.pipeThrough(new TextDecoderStream())) {
    const all = (rest + text).split("\n");
    rest = all.pop()!;
    lines += all.filter((line) => / 302 "?GET /.test(line)).length;
  }
  return lines;
}

function judge(what: string, figure: string, holds: boolean): void {
  say(`| ${what} | ${figure} | ${holds ? "yes" : "NO"} |`);
  if (!holds) Deno.exitCode = 1;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
