/**
 * How much memory the daemon takes: idle and under load, by number of HTTP threads, with and without the
 * download log. 8 mirrors, 2 000 files, a GeoIP database of cities as large as a published one.
 *
 *     deno run -A tests/bench/memory.ts [--seconds 20] [--workers 1,2,4] [--v8-flags=...]
 *
 * The environment variable MIRRORBITS_EXECUTABLE names an executable to measure in place of the source.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { V8_FLAGS } from "../../lib/config/v8_flags.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { Daemon } from "../support/daemon.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { writeCityDatabase } from "./http/city_database.ts";
import { fill } from "./http/data.ts";
import { load, residentMemory } from "./http/load.ts";

const FILES = 2000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    workers: { type: "string", default: "1,2,4" },
    "v8-flags": { type: "string", default: V8_FLAGS.replace("--v8-flags=", "") },
  },
});

await using directory = await tempDir("mirrorbits-bench-");
await Deno.mkdir(`${directory.path}/repository`);
await Deno.mkdir(`${directory.path}/logs`);
await writeCityDatabase(directory.path, [["DE", "EU", 51, 9], ["US", "NA", 38, -97]]);
const path = `${directory.path}/store.db`;
{
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  await fill(store, { mirrors: 8, files: FILES });
}

say(`Deno ${Deno.version.deno}, V8 with ${values["v8-flags"] || "its defaults"}`);
say("");
say("| HTTP threads | download log | idle, MB | after the load | at most | redirects/s |");
say("|---|---|---|---|---|---|");
// A first start compiles the modules, which takes memory that later ones do without.
await measure(1, false, 0);
const workers = values.workers.split(",").map(Number);
for (const count of workers) await measure(count, false, Number(values.seconds));
await measure(workers[0]!, true, Number(values.seconds));

/** @param duration seconds of load; 0: nothing is measured */
async function measure(threads: number, log: boolean, duration: number): Promise<void> {
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      Repository: `${directory.path}/repository`,
      DatabasePath: path,
      GeoipDatabasePath: directory.path,
      Workers: threads,
      ...(log ? { LogDir: `${directory.path}/logs` } : {}),
    },
    args: ["-monitor=false"],
  });
  if (!Daemon.isExecutable) {
    const [program, run, ...args] = Daemon.command.filter((part) => part !== V8_FLAGS);
    const flags = values["v8-flags"] === "" ? [] : [`--v8-flags=${values["v8-flags"]}`];
    daemon.command = [program!, run!, ...flags, ...args];
  }
  await daemon.start();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  if (duration === 0) return;
  const idle = residentMemory(daemon.pid);
  const { rate } = await load({
    url: `http://${daemon.address}`,
    pid: daemon.pid,
    seconds: duration,
    files: FILES,
  });
  const megabytes = (value: number | null): string => value === null ? "" : value.toFixed(0);
  const cells = [
    threads,
    log ? "yes" : "no",
    megabytes(idle),
    megabytes(residentMemory(daemon.pid)),
    megabytes(highestMemory(daemon.pid)),
    rate.toFixed(0),
  ];
  say(`| ${cells.join(" | ")} |`);
}

/** The most resident memory so far in megabytes; `null` when unknown. */
function highestMemory(pid: number): number | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return null;
  }
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
