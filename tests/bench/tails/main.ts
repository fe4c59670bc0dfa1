/**
 * How long redirects take while the daemon does something heavy: hashes files, takes in a new GeoIP
 * database. Clients ask at a steady pace, far below what the daemon can do. For comparison, the same
 * with another program that keeps one core busy: more than two threads have to share two cores then.
 *
 *     deno run -A tests/bench/tails/main.ts [--rate 2000] [--megabytes 2000] [--rounds 5]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { writeCityDatabase } from "../http/city_database.ts";
import { spreadOf } from "../spread.ts";
import type { ClientRequest } from "./client_worker.ts";
import type { Seen } from "./paced_client.ts";

const FILES = 2000;
const MEGABYTE = 1_000_000;
const LARGE_FILES = 4;
/** What the log says of a database that was loaded. */
const LOADED = "loaded: GeoLite2-City";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "2000" },
    megabytes: { type: "string", default: "2000" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
  },
});
const seconds = Number(values.seconds);

await using directory = await tempDir("mirrorbits-bench-");
const repository = `${directory.path}/repository`;
const geoip = `${directory.path}/geoip`;
const spare = `${directory.path}/spare`;
for (const path of [repository, geoip, spare]) Deno.mkdirSync(path);
const paths = Array.from({ length: FILES }, (_, i) => `/file-${i}.deb`);
for (const path of paths) Deno.writeTextFileSync(repository + path, path);
await writeCityDatabase(geoip, [["DE", "EU", 51, 9], ["US", "NA", 38, -97]]);
const database = `${geoip}/GeoLite2-City.mmdb`;

await using daemon = new Daemon({
  directory: directory.path,
  config: {
    Repository: repository,
    RepositoryScanInterval: 0,
    Hashes: { SHA256: true, SHA1: false, MD5: false },
    Fallbacks: [{ URL: "https://fallback.invalid/" }],
    GeoipDatabasePath: geoip,
    Workers: 1,
  },
});
await daemon.start();
await daemon.ok("refresh");

for (let file = 0; file < LARGE_FILES; file++) {
  using large = Deno.createSync(`${repository}/large-${file}.iso`);
  large.truncateSync(Number(values.megabytes) / LARGE_FILES * MEGABYTE);
}
await control("source/scan", { rehash: false });

const client = startClient(Number(daemon.address.split(":")[1]));
await pause(2);
const CALM = "nothing else";
const actions: readonly (readonly [name: string, action: () => Promise<unknown>])[] = [
  [CALM, () => pause(seconds)],
  ["another program keeps a core busy", () => besideBusyCore(seconds)],
  [`${values.megabytes} MB are hashed`, () => control("source/scan", { rehash: true })],
  ["GeoIP database of 66 MB replaced", () => replaceDatabase()],
];
const seen = new Map<string, Round[]>(actions.map(([name]) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, action] of actions) seen.get(name)!.push(await whileAsking(action));
}
await client.stop();

say(
  `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, one HTTP thread, ` +
    `${values.rate} requests a second, ${values.rounds} rounds`,
);
say("");
say("| while | seconds | requests | failed | p50, ms | p99, ms (spread) | of calm | longest, ms |");
say("|---|---|---|---|---|---|---|---|");
const calm = seen.get(CALM)!;
for (const [name, rounds] of seen) {
  const p99 = spreadOf(rounds.map((round) => round.at(0.99)));
  const ratio = spreadOf(rounds.map((round, i) => round.at(0.99) / calm[i]!.at(0.99))).median;
  const cells = [
    name,
    spreadOf(rounds.map((round) => round.seconds)).median.toFixed(1),
    rounds.reduce((sum, round) => sum + round.count, 0),
    rounds.reduce((sum, round) => sum + round.failures.length, 0),
    spreadOf(rounds.map((round) => round.at(0.5))).median.toFixed(2),
    `${p99.median.toFixed(2)} (${p99.low.toFixed(2)}–${p99.high.toFixed(2)})`,
    ratio.toFixed(1),
    Math.max(...rounds.map((round) => round.at(1))).toFixed(1),
  ];
  say(`| ${cells.join(" | ")} |`);
}
const failures = [...seen.values()].flat().flatMap((round) => round.failures);
if (failures.length > 0) {
  say(`Failed, among others: ${failures[0]}`);
  Deno.exitCode = 1;
}

/** What clients saw while something went on. */
interface Round {
  readonly seconds: number;
  readonly count: number;
  readonly failures: readonly string[];
  /** Milliseconds in which this share of the answers was there. */
  readonly at: (share: number) => number;
}

async function whileAsking(action: () => Promise<unknown>): Promise<Round> {
  await client.take();
  const start = performance.now();
  await action();
  const passed = (performance.now() - start) / 1000;
  const { times, failures } = await client.take();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    seconds: passed,
    count: sorted.length,
    failures,
    at: (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN,
  };
}

/** Asks the control API: a program that is started for it would be what takes the time. */
async function control(path: string, body: unknown = {}): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${daemon.cliArgs[1]}/api/v1/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`${path}: ${text}`);
}

/** Puts a copy in the place of the database, and waits until it is loaded. */
async function replaceDatabase(): Promise<void> {
  const copy = `${spare}/new.mmdb`;
  await Deno.copyFile(database, copy);
  const times = count(daemon.log, LOADED);
  await Deno.utime(copy, times, times);
  await Deno.rename(copy, database);
  await control("reload");
  if (count(daemon.log, LOADED) === times) throw new Error("The database was not loaded");
}

/** Clients on a thread of their own. */
function startClient(port: number): {
  take(): Promise<Seen>;
  stop(): Promise<void>;
} {
  const worker = new Worker(import.meta.resolve("./client_worker.ts"), { type: "module" });
  const tell = (request: ClientRequest): void => worker.postMessage(request);
  const hear = (): Promise<Seen> =>
    new Promise((resolve) => worker.onmessage = ({ data }: MessageEvent<Seen>) => resolve(data));
  tell({ type: "start", pace: { port, rate: Number(values.rate), paths } });
  return {
    async take() {
      const heard = hear();
      tell({ type: "take" });
      return await heard;
    },
    async stop() {
      const heard = hear();
      tell({ type: "stop" });
      await heard;
      worker.terminate();
    },
  };
}

async function besideBusyCore(duration: number): Promise<void> {
  const busy = new Deno.Command("sha256sum", { args: ["/dev/zero"], stdout: "null" }).spawn();
  await pause(duration);
  busy.kill("SIGKILL");
  await busy.status;
}

function pause(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration * 1000));
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
