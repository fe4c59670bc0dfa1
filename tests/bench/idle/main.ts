/**
 * What thousands of idle connections cost those who ask: with each way to listen, requests on new
 * connections, one after the other at a steady pace, before and while the connections are held.
 *
 *     deno task bench:idle [--idle 5000] [--rate 100] [--seconds 10]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { freePort } from "../../support/free_port.ts";
import { askOnce, IdleConnections } from "../../support/idle_connections.ts";
import { tempDir } from "../../support/temp_dir.ts";

const { values } = parseArgs({
  options: {
    idle: { type: "string", default: "5000" },
    rate: { type: "string", default: "100" },
    seconds: { type: "string", default: "10" },
  },
});
const held = Number(values.idle);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const FILE = "/file.iso";

/** Asks at a steady pace. @returns milliseconds that each answer took, the shortest first */
async function ask(address: string): Promise<number[]> {
  const begin = performance.now();
  const times = Array.from({ length: rate * seconds }, async (_, index) => {
    const due = begin + index * 1000 / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const asked = performance.now();
    const answer = await askOnce(address, FILE);
    if (!answer.includes(" 302 ")) throw new Error(`${address} answers: ${answer}`);
    return performance.now() - asked;
  });
  return (await Promise.all(times)).sort((a, b) => a - b);
}

function row(times: readonly number[]): string {
  const at = (share: number): string =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1);
  return `${at(0.5)} | ${at(0.99)} | ${at(1)}`;
}

const say = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
};
say("| listening on | idle connections | median, ms | 99 % | longest |");
say("| --- | ---: | ---: | ---: | ---: |");
for (const what of ["IPv4", "IPv6", "a Unix socket"]) {
  await using directory = await tempDir("mirrorbits-idle-");
  const repository = `${directory.path}/repository`;
  await Deno.mkdir(repository);
  await Deno.writeTextFile(repository + FILE, "");
  const address = what === "IPv4"
    ? `127.0.0.1:${freePort()}`
    : what === "IPv6"
    ? `[::1]:${freePort()}`
    : `unix:${directory.path}/http.sock`;
  await using daemon = new Daemon({
    directory: directory.path,
    address,
    config: {
      Repository: repository,
      Workers: 2,
      Fallbacks: [{ URL: "http://fallback.example/" }],
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await ask(address);
  say(`| ${what} | 0 | ${row(await ask(address))} |`);
  using idle = new IdleConnections(address);
  await idle.open(held);
  say(`| ${what} | ${idle.size} | ${row(await ask(address))} |`);
}
