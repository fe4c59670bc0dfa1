/**
 * How long the program takes from its start to its first answer, on a store that knows many files, and
 * how long a command of the command line takes; each by the wall clock, and in time of the processor, which
 * other programs disturb less.
 *
 *     deno run -A tests/bench/start_up.ts [--files 100000] [--geoip DIRECTORY] [--rounds 9]
 *       [--directory DIRECTORY] [--redis] [--compiled]
 *
 * What is compared takes turns: the source, the executables that the environment variable
 * MIRRORBITS_EXECUTABLE names, separated by colons, and each of them with the GeoIP databases of a
 * directory. A directory that is named with `--directory` is kept, and used again. With `--compiled` the
 * source is left out.
 *
 * @module
 */
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { parseArgs } from "node:util";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { Daemon } from "../support/daemon.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { fill, pathOf } from "./http/data.ts";
import { spreadOf } from "./spread.ts";

/** Milliseconds since the epoch, as in the data of the HTTP benchmark. */
const MODIFIED = Date.UTC(2026, 0, 1);

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "100000" },
    geoip: { type: "string" },
    rounds: { type: "string", default: "9" },
    directory: { type: "string" },
    redis: { type: "boolean", default: false },
    compiled: { type: "boolean", default: false },
  },
});
const files = Number(values.files);
const rounds = Number(values.rounds);

/** One way to start the program, and what came of it. */
interface Variant {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly config: Readonly<Record<string, unknown>>;
  /** Milliseconds from the start to the first answer. */
  readonly answers: number[];
  /** Of the processor. */
  readonly answerTimes: number[];
  /** Milliseconds that a command takes. */
  readonly lists: number[];
}

await using temporary = values.directory === undefined ? await tempDir("mirrorbits-start-") : null;
const directory = values.directory ?? temporary!.path;
await using redis = values.redis ? await RedisServer.start("--appendonly", "no") : null;
await prepare();
await using daemon = new Daemon({
  directory,
  config: {
    Repository: `${directory}/repository`,
    // The mirrors are none, and are soon found to be down.
    Fallbacks: [{ URL: "https://fallback.invalid/" }],
    ...(redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` }),
  },
});
const variants = allVariants();
for (let round = 0; round < rounds; round++) {
  for (const variant of variants) await measure(variant);
}
for (const { name, answers, answerTimes, lists } of variants) {
  say(`${name}: start to first answer`, answers);
  say(`${name}: start to first answer, time of the processor`, answerTimes);
  say(`${name}: mirrorbits list`, lists);
}

function allVariants(): Variant[] {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const executables = (Deno.env.get("MIRRORBITS_EXECUTABLE") ?? "").split(":").filter(Boolean);
  const source: [string, ...string[]] = [
    Deno.execPath(),
    "run",
    "-q",
    "--no-prompt",
    "-P=serve",
    main,
  ];
  const programs: [string, [string, ...string[]]][] = [
    ...(values.compiled ? [] : [["source", source] as [string, [string, ...string[]]]]),
    ...executables.map((one): [string, [string]] => [one.slice(one.lastIndexOf("/") + 1), [one]]),
  ];
  const databases: [string, string][] = [
    ["", `${directory}/geoip`],
    ...(values.geoip ? [[", GeoIP", values.geoip] as [string, string]] : []),
  ];
  return programs.flatMap(([program, command]) =>
    databases.map(([database, path]) => ({
      name: `${program}${database}`,
      command,
      config: { GeoipDatabasePath: path },
      answers: [],
      answerTimes: [],
      lists: [],
    }))
  );
}

async function measure({ command, config, answers, answerTimes, lists }: Variant): Promise<void> {
  daemon.command = daemon.cliCommand = command;
  daemon.configure(config);
  const start = performance.now();
  const child = daemon.spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  await firstAnswer(() => ended);
  answers.push(performance.now() - start);
  answerTimes.push(await processorTime(child.pid));
  // The source scan that every start brings is not to be measured here.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const asked = performance.now();
  await daemon.ok("list");
  lists.push(performance.now() - asked);
  child.kill("SIGTERM");
  await status;
}

/** Milliseconds that a process has computed, in all of its threads. */
async function processorTime(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = status.slice(status.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** Makes the store and, with sparse files, the repository. */
async function prepare(): Promise<void> {
  if (redis !== null) {
    const address = { hostname: "127.0.0.1", port: redis.port };
    await using store = await openRedisStore({
      ...{ address, password: "", db: 0 },
      ...{ log: new MemoryLog(), now: Date.now, clock: systemClock },
    });
    await fill(store, { mirrors: 8, files });
  }
  try {
    await Deno.stat(`${directory}/mirrorbits.db`);
    return;
  } catch {
    // There is none yet.
  }
  const path = `${directory}/mirrorbits.db`;
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  await fill(store, { mirrors: 8, files });
  const modified = new Date(MODIFIED);
  for (let index = 0; index < files; index++) {
    const file = `${directory}/repository${pathOf(index)}`;
    if (index % 100 === 0) {
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    }
    Deno.writeTextFileSync(file, "");
    Deno.truncateSync(file, 1000 + index);
    Deno.utimeSync(file, modified, modified);
  }
}

/**
 * Waits for a redirect; a connection is tried again and again until one is taken.
 *
 * @param ended whether nobody will take one any more
 */
async function firstAnswer(ended: () => boolean): Promise<void> {
  const [hostname, port] = daemon.address.split(":") as [string, string];
  const request = new TextEncoder().encode(
    `GET ${pathOf(7)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  );
  const answer = new Uint8Array(64);
  while (!ended()) {
    try {
      using connection = await Deno.connect({ hostname, port: Number(port) });
      await connection.write(request);
      const length = await connection.read(answer) ?? 0;
      const status = new TextDecoder().decode(answer.subarray(0, length)).split(" ")[1];
      if (status === "302") return;
      throw new Error(`Got status ${status}`);
    } catch (error) {
      // It tries whether the address is free before it serves there.
      const { ConnectionRefused, ConnectionReset } = Deno.errors;
      if (!(error instanceof ConnectionRefused || error instanceof ConnectionReset)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  throw new Error(`The daemon ended: ${daemon.log}`);
}

function say(what: string, times: readonly number[]): void {
  const { median, low, high } = spreadOf(times);
  const text = `${what}: ${median.toFixed(0)} ms (${low.toFixed(0)}–${high.toFixed(0)})\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
