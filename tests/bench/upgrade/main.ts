/**
 * Upgrades a daemon again and again while clients ask it, and counts every request that fails:
 * `deno task bench:upgrade [UPGRADES [NAME]]`, 20 in each scenario unless told otherwise, or only in
 * the scenarios whose name contains NAME. Ends with 1 when a request failed or is not in the log.
 *
 * @module
 */
import { Daemon } from "../../support/daemon.ts";
import { freePort } from "../../support/free_port.ts";
import { tempDir } from "../../support/temp_dir.ts";
import type { Destination } from "../../support/visitors.ts";
import { type Load, loadWithWrk, visit } from "./load.ts";

const PATH = "/file.bin";

/** One way to ask. */
interface Scenario {
  readonly name: string;
  /** ListenAddress. */
  readonly address: (directory: string) => string;
  readonly keepAlive: boolean;
  readonly wrk: boolean;
}

const ADDRESSES: Readonly<Record<string, Scenario["address"]>> = {
  IPv4: () => `127.0.0.1:${freePort()}`,
  IPv6: () => `[::1]:${freePort()}`,
  Unix: (directory) => `unix:${directory}/http.sock`,
};

const SCENARIOS: readonly Scenario[] = Object.entries(ADDRESSES).flatMap(([family, address]) =>
  [false, true].flatMap((keepAlive) =>
    [false, true].filter((wrk) => !wrk || family !== "Unix").map((wrk) => ({
      name: `${family}, ${keepAlive ? "keep-alive" : "a connection each"}${wrk ? ", wrk" : ""}`,
      address,
      keepAlive,
      wrk,
    }))
  )
);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function destination(address: string): Destination {
  if (address.startsWith("unix:")) return { transport: "unix", path: address.slice(5) };
  const { hostname, port } = new URL(`http://${address}`);
  return { transport: "tcp", hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** @returns whether nothing was lost */
async function run(scenario: Scenario, upgrades: number): Promise<boolean> {
  await using directory = await tempDir();
  const { path } = directory;
  await Deno.mkdir(`${path}/repository`);
  await Deno.writeTextFile(`${path}/repository${PATH}`, "content");
  await using daemon = new Daemon({
    directory: path,
    address: scenario.address(path),
    config: {
      Repository: `${path}/repository`,
      LogDir: path,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  const { keepAlive, wrk } = scenario;
  const load: Load = wrk
    ? loadWithWrk(`http://${daemon.address}${PATH}`, keepAlive)
    : await visit({ to: destination(daemon.address), path: PATH, keepAlive, count: 16 });
  const started = performance.now();
  for (let i = 0; i < upgrades; i++) {
    // As an operator does, and as a service manager does.
    if (i % 2 === 0) await daemon.ok("upgrade");
    else daemon.signal("SIGUSR2");
    await daemon.follow();
  }
  const { answered, failures } = await load.end();
  const seconds = (performance.now() - started) / 1000;
  await daemon.stop();
  const lines = (await Deno.readTextFile(`${path}/downloads.log`)).split(` GET "${PATH}" `).length -
    1;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  // What wrk had no answer to when it ended is in the log too.
  const complete = wrk ? lines >= answered : lines === answered;
  say(
    `${scenario.name}: ${upgrades} upgrades, ${answered} requests at ` +
      `${Math.round(answered / seconds)}/s, ${failed} failed, ${lines} lines in the log`,
  );
  for (const [why, count] of Object.entries(failures)) say(`  ${count} × ${why}`);
  const trouble = daemon.log.split("\n").filter((line) => /Warning: |Error: /.test(line));
  for (const line of new Set(trouble)) say(`  ${line}`);
  return failed === 0 && complete;
}

const [count = "20", part = ""] = Deno.args;
let sound = true;
for (const scenario of SCENARIOS.filter(({ name }) => name.includes(part))) {
  sound = await run(scenario, Number(count)) && sound;
}
Deno.exit(sound ? 0 : 1);
