/**
 * Measures redirects: this server, the floor (a constant 302 with the same headers on the same Deno),
 * and an original `mirrorbits` if its program is given, in alternation, on the same data. Prints
 * medians with their spread, and ratios to the floor and to the original.
 *
 * Arguments: names of groups in scenarios.ts (default: `targets`), `--seconds=3`, `--rounds=3`,
 * `--store=embedded` or `redis`, `--geoip=DIRECTORY` (default: a database of cities made up here, of
 * 66 MB), `--original=PROGRAM` (or MIRRORBITS_ORIGINAL; then the store is Redis). Debian's package of
 * it will do: `--original="$(deno run -P=test tests/tools/original.ts)"`.
 *
 * @module
 */
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../../lib/store/sqlite/open_sqlite_store.ts";
import { Daemon } from "../../support/daemon.ts";
import { freePort } from "../../support/free_port.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { listens, ServerProcess } from "../../support/server_process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { install, TOOLS } from "../../tools/install.ts";
import { ORIGINAL_VARIABLE, originalTemplates } from "../../tools/original.ts";
import { writeCityDatabase } from "./city_database.ts";
import { COUNTRIES, type DataSize, fill, pathOf, RULES, SET_RULES } from "./data.ts";
import { load, type Measured, residentMemory } from "./load.ts";
import { Report } from "./report.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";

const { values: flags, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    store: { type: "string", default: "embedded" },
    geoip: { type: "string" },
    original: { type: "string", default: Deno.env.get(ORIGINAL_VARIABLE) ?? "" },
  },
});
const seconds = Number(flags.seconds);
const rounds = Number(flags.rounds);
const encoder = new TextEncoder();
const say = (text: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};

/** Requests of a thread before it is measured: there are 20 000 different ones, and V8 takes some more. */
const WARM_REQUESTS = 100_000;

/** A server that is under test. */
interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** Data in a store, for every server that uses it. */
interface Prepared extends AsyncDisposable {
  readonly directory: string;
  /** Keys of the configuration that name the store. */
  readonly config: Readonly<Record<string, unknown>>;
}

async function prepare(size: DataSize): Promise<Prepared> {
  await using stack = new AsyncDisposableStack();
  const { path: directory } = stack.use(await tempDir("mirrorbits-bench-"));
  await Deno.mkdir(`${directory}/repository`);
  if (flags.geoip === undefined) await writeCityDatabase(directory, COUNTRIES);
  const options = { log: new MemoryLog(), now: Date.now, clock: systemClock };
  let config: Readonly<Record<string, unknown>>;
  if (flags.store === "redis" || flags.original !== "") {
    const { port } = stack.use(await RedisServer.start("--appendonly", "no"));
    config = { RedisAddress: `127.0.0.1:${port}` };
    const address = { hostname: "127.0.0.1", port };
    await using store = await openRedisStore({ ...options, address, password: "", db: 0 });
    await fill(store, size);
    if (flags.original !== "") await createFiles(`${directory}/repository`, size.files);
  } else {
    config = { DatabasePath: `${directory}/store.db` };
    await using store = await openSqliteStore({ ...options, path: `${directory}/store.db` });
    await fill(store, size);
  }
  const all = { Repository: `${directory}/repository`, ScanInterval: 100_000, ...config };
  const resources = stack.move();
  return {
    directory,
    config: { ...all, GeoipDatabasePath: flags.geoip ?? directory },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Creates the files themselves, each empty: the original looks on the disk at every request. */
async function createFiles(repository: string, count: number): Promise<void> {
  for (let file = 0; file < count; file++) {
    const path = repository + pathOf(file);
    if (file % 100 === 0) await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, new Uint8Array());
  }
}

async function startServer(
  { directory, config }: Prepared,
  { threads, log, choice = false, sets, config: further = {} }: Scenario,
): Promise<Daemon> {
  const daemon = new Daemon({
    directory,
    config: {
      ...config,
      Workers: threads,
      ...(log ? { LogDir: directory } : {}),
      ...(choice ? { Rules: RULES } : {}),
      ...(sets ? { MetadataSets: [SET_RULES[sets === "outside" ? sets : "inside"]] } : {}),
      ...further,
    },
    args: ["-monitor=false"],
  });
  await daemon.start();
  return daemon;
}

/** Learns the headers from the server's answers, of which it takes one of the median length. */
async function startFloor(url: string): Promise<{ port: number; process: ServerProcess }> {
  const answers: [string, string][][] = [];
  for (let client = 0; client < 101; client++) {
    const response = await fetch(url + pathOf(0), {
      headers: { "X-Forwarded-For": `${1 + client * 2}.${client}.7.9` },
      redirect: "manual",
    });
    answers.push([...response.headers].flatMap(([name, value]): [string, string][] => {
      if (name === "date" || name === "content-length") return [];
      return (name === "link" ? value.split(", ") : [value]).map((one) => [name, one]);
    }));
  }
  const [headers] = answers.toSorted((a, b) => a.length - b.length).slice(answers.length >> 1);
  const port = freePort();
  const script = new URL("./floor.ts", import.meta.url).pathname;
  const process = new ServerProcess(
    [Deno.execPath(), "run", "-A", script, `${port}`, JSON.stringify(headers)],
    () => listens(port),
  );
  await process.start();
  return { port, process };
}

async function startOriginal(
  { directory, config }: Prepared,
): Promise<{ port: number; process: ServerProcess }> {
  const [port, controlPort] = [freePort(), freePort()];
  const keys = {
    ...config,
    ListenAddress: `127.0.0.1:${port}`,
    RPCListenAddress: `127.0.0.1:${controlPort}`,
    OutputMode: "auto",
    Templates: originalTemplates(flags.original),
  };
  const file = `${directory}/original.conf`;
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  await Deno.writeTextFile(file, lines.join(""));
  const process = new ServerProcess(
    [
      flags.original,
      "daemon",
      "-monitor=false",
      "-config",
      file,
      "-p",
      `${directory}/original.pid`,
    ],
    () => listens(port),
  );
  await process.start();
  return { port, process };
}

async function measure(prepared: Prepared, scenario: Scenario, report: Report): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { choice, sets, ...without } = scenario;
  const daemon = stack.use(await startServer(prepared, scenario));
  const url = `http://${daemon.address}`;
  const contestants: Contestant[] = [{ name: "server", url, pid: daemon.pid }];
  const floor = await startFloor(url);
  stack.use(floor.process);
  contestants.push({
    name: "floor",
    url: `http://127.0.0.1:${floor.port}`,
    pid: floor.process.pid,
  });
  if (flags.original !== "") {
    const original = await startOriginal(prepared);
    stack.use(original.process);
    contestants.push({
      name: "original",
      url: `http://127.0.0.1:${original.port}`,
      pid: original.process.pid,
    });
  }
  if (choice === true || sets !== undefined) {
    const plain = stack.use(await startServer(stack.use(await prepare(without)), without));
    contestants.push({ name: "without", url: `http://${plain.address}`, pid: plain.pid });
  }
  const results = new Map<string, Measured[]>(contestants.map(({ name }) => [name, []]));
  const files = scenario.asked;
  for (const contestant of contestants) await warmUp(contestant, scenario);
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const changes = sets === "changing" && contestant.name === "server";
      using _changing = changes ? changeEverySecond(daemon) : null;
      results.get(contestant.name)!.push(await load({ ...contestant, files, seconds }));
    }
  }
  report.add(scenario.name, results, residentMemory(daemon.pid));
}

/** Lets the metadata set have another floor every second. */
function changeEverySecond({ cliArgs }: Daemon): Disposable {
  const url = `http://127.0.0.1:${cliArgs.at(-1)}/api/v1/sets/require`;
  const headers = { "content-type": "application/json" };
  let minutes = 0;
  const timer = setInterval(async () => {
    minutes = 60 - minutes;
    const body = JSON.stringify({ path: SET_RULES.inside.Root, minutes });
    const response = await fetch(url, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`Cannot change the set: ${await response.text()}`);
    await response.body?.cancel();
  }, 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Asks until each thread has seen every request and is as quick as it gets, for at most half a minute. */
async function warmUp(contestant: Contestant, { asked, threads }: Scenario): Promise<void> {
  const wanted = Math.max(1, threads) * WARM_REQUESTS;
  let answered = 0;
  for (let second = 0; second < 30 && answered < wanted; second += 2) {
    answered += 2 * (await load({ ...contestant, files: asked, seconds: 2 })).rate;
  }
}

const wrk = { program: "wrk", package: "wrk" };
const missing = await install(flags.store === "redis" ? [wrk, TOOLS.redis] : [wrk], say);
if (missing.length > 0) {
  say(`Cannot measure: missing ${missing.join(", ")}`);
  say(`Install with: apt-get install ${missing.join(" ")} (or your system's packages)`);
  Deno.exit(1);
}
const groups = positionals.length > 0 ? positionals : ["targets"];
const scenarios = groups.flatMap((group) => {
  const found = SCENARIOS[group];
  if (found === undefined) {
    say(`No group is called "${group}": there are ${Object.keys(SCENARIOS).join(", ")}`);
    Deno.exit(2);
  }
  return found;
});
const store = flags.original !== "" ? "redis" : flags.store;
say(
  `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, ${store} store, ` +
    `${rounds} rounds of ${seconds} s, 64 connections, load generator on the same cores`,
);
const report = new Report(say);
const sizes = Map.groupBy(
  scenarios,
  ({ mirrors, files, choice, sets }) => `${mirrors} ${files} ${choice} ${sets}`,
);
for (const alike of sizes.values()) {
  await using prepared = await prepare(alike[0]!);
  for (const scenario of alike) await measure(prepared, scenario, report);
}
