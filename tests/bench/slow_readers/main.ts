/**
 * Measures how long redirects take while 200 slow readers get files from the repository itself, and while
 * they do not, in alternation. Arguments: `--rounds=3`, `--seconds=10` (of each), `--readers=200`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "10" },
    readers: { type: "string", default: "200" },
  },
});
const [rounds, seconds] = [Number(flags.rounds), Number(flags.seconds)];
const print = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
};

/** Milliseconds until the next redirect is asked for. */
const PACE = 2;

await using resources = new AsyncDisposableStack();
const { path } = resources.use(await tempDir("mirrorbits-bench-"));
for (const name of ["source", "mirror", "state"]) await Deno.mkdir(`${path}/${name}`);
for (const name of ["source", "mirror"]) {
  await Deno.writeTextFile(`${path}/${name}/there.iso`, "x");
  await Deno.utime(`${path}/${name}/there.iso`, 1_764_331_200, 1_764_331_200);
}
await Deno.writeFile(`${path}/source/here.iso`, new Uint8Array(100_000_000));
const rsync = resources.use(await RsyncDaemon.start({ mirror: `${path}/mirror` }));
const mirror = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => new Response("x"),
);
resources.defer(() => mirror.shutdown());
const daemon = resources.use(
  new Daemon({
    directory: `${path}/state`,
    config: {
      ...{ Repository: `${path}/source`, ServeLocally: { LastResort: true }, Workers: 1 },
      ...{ ScanInterval: 1000, CheckInterval: 1000 },
    },
  }),
);
await daemon.start();
await daemon.ok("refresh");
const url = `http://127.0.0.1:${mirror.addr.port}/`;
await daemon.ok("add", "-http", url, "-rsync", rsync.url("mirror"), "bench");
await daemon.ok("scan", "-enable", "bench");
// Whether it is up is found out after the scan.
await waitFor(async () => await status() === 302, { what: "the mirror" });

async function status(): Promise<number> {
  const response = await fetch(`http://${daemon.address}/there.iso`, { redirect: "manual" });
  await response.body?.cancel();
  return response.status;
}

/** Milliseconds that redirects take, sorted. */
async function measure(): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    const found = await status();
    if (found !== 302) throw new Error(`It is ${found}`);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  return times.sort((a, b) => a - b);
}

/** Measures while there are readers. */
async function whileRead(): Promise<number[]> {
  const script = new URL("./readers.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script, daemon.address, "/here.iso", flags.readers],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const times = await measure();
  await child.stdin.close();
  await child.status;
  await reader.cancel();
  return times;
}

const all: Record<string, number[]> = { without: [], with: [] };
for (let round = 0; round <= rounds; round++) {
  for (const [name, action] of [["without", measure], ["with", whileRead]] as const) {
    const times = await action();
    // What comes first compiles what is needed.
    if (round === 0) continue;
    const at = (part: number): number => times[Math.floor(times.length * part)]!;
    all[name]!.push(at(0.99));
    const numbers = [0.5, 0.9, 0.99].map((part) => at(part).toFixed(2)).join(" / ");
    print(`${name} readers: ${times.length} redirects, p50 / p90 / p99 ${numbers} ms`);
  }
}
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[rounds >> 1]!;
const ratio = middle(all.with!) / middle(all.without!);
print(`p99 with ${flags.readers} readers: ${ratio.toFixed(2)} of that without, by medians`);
