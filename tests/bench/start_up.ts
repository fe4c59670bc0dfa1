/**
 * How long the program takes from its start to its first answer, on an embedded store that knows
 * many files, and how long a command of the command line takes.
 *
 *     deno run -A tests/bench/start_up.ts [--files 100000] [--geoip DIRECTORY] [--rounds 9]
 *       [--directory DIRECTORY]
 *
 * The environment variable MIRRORBITS_EXECUTABLE names an executable to measure in place of the
 * source. A directory that is named is kept, and used again.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { Daemon } from "../support/daemon.ts";
import { MemoryLog } from "../support/memory_log.ts";
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
  },
});
const files = Number(values.files);
const rounds = Number(values.rounds);

await using temporary = values.directory === undefined ? await tempDir("mirrorbits-start-") : null;
const directory = values.directory ?? temporary!.path;
await prepare();
await using daemon = new Daemon({
  directory,
  config: {
    Repository: `${directory}/repository`,
    // The mirrors are none, and are soon found to be down.
    Fallbacks: [{ URL: "https://fallback.invalid/" }],
    GeoipDatabasePath: values.geoip ?? `${directory}/geoip`,
  },
});
const answers: number[] = [];
const lists: number[] = [];
for (let round = 0; round < rounds; round++) {
  daemon.configure();
  const start = performance.now();
  const child = daemon.spawn();
  await firstAnswer();
  answers.push(performance.now() - start);
  // The source scan that every start brings is not to be measured here.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const asked = performance.now();
  await daemon.ok("list");
  lists.push(performance.now() - asked);
  child.kill("SIGTERM");
  await child.status;
}
say("start to first answer", answers);
say("mirrorbits list", lists);

/** Makes the store and, with sparse files, the repository. */
async function prepare(): Promise<void> {
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

/** Waits for a redirect; a connection is tried again and again until one is taken. */
async function firstAnswer(): Promise<void> {
  const [hostname, port] = daemon.address.split(":") as [string, string];
  const request = new TextEncoder().encode(
    `GET ${pathOf(7)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  );
  const answer = new Uint8Array(64);
  while (true) {
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
}

function say(what: string, times: readonly number[]): void {
  const { median, low, high } = spreadOf(times);
  const text = `${what}: ${median.toFixed(0)} ms (${low.toFixed(0)}–${high.toFixed(0)})\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
