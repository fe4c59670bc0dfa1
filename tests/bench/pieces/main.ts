/**
 * Measures what the hashing of pieces does to the rest: a sparse file of some GiB and many files above the
 * minimum are in the index already when hashes of pieces are switched on. Prints the memory of the
 * daemon, how long its control API and its redirects take while it hashes, and how far it is after it was
 * killed and started again.
 *
 * Arguments: `--gib=6`, `--files=10000` (of 1 MiB each), `--zsync`, `--kill=30` (seconds after which it is
 * killed once; 0: never), `--store=embedded` or `redis`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { residentMemory } from "../http/load.ts";

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    gib: { type: "string", default: "6" },
    files: { type: "string", default: "10000" },
    kill: { type: "string", default: "30" },
    store: { type: "string", default: "embedded" },
    zsync: { type: "boolean", default: false },
  },
});
const encoder = new TextEncoder();
const say = (text: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};

const MIB = 1024 * 1024;

await using stack = new AsyncDisposableStack();
const { path: directory } = stack.use(await tempDir("mirrorbits-bench-"));
const repository = `${directory}/repository`;
await Deno.mkdir(repository);

/** Makes a file of nothing, which takes no room. */
async function sparse(name: string, size: number): Promise<void> {
  using file = await Deno.create(`${repository}/${name}`);
  await file.truncate(size);
}

const count = Number(flags.files);
for (let i = 0; i < count; i++) await sparse(`f${i}`, MIB + i);
await sparse("large", Number(flags.gib) * 1024 * MIB);

const redis = flags.store === "redis" ? stack.use(await RedisServer.start()) : null;
const rpc = stack.use(
  new Daemon({
    directory,
    config: {
      Repository: repository,
      Hashes: { SHA256: false },
      PieceHashMinSize: 1,
      RepositoryScanInterval: 0,
      WatchRepository: false,
      Fallbacks: [{ URL: "http://127.0.0.1:1/" }],
      ...redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` },
    },
  }),
);
await rpc.start();
await rpc.ok("refresh");
const api = `http://127.0.0.1:${rpc.cliArgs[1]}/api/v1/health`;

/** What was measured in some time. */
class Samples {
  readonly #values: number[] = [];
  readonly #start = performance.now();
  /** Seconds after which the slowest began. */
  #slowest = 0;

  async take(action: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    await action();
    const time = performance.now() - start;
    if (this.#values.every((other) => other < time)) this.#slowest = (start - this.#start) / 1000;
    this.#values.push(time);
  }

  toString(): string {
    const sorted = this.#values.toSorted((a, b) => a - b);
    const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
    return `${at(0.5)} ms median, ${at(0.99)} ms 99 %, ${
      (sorted.at(-1) ?? 0).toFixed(1)
    } ms at most, after ${this.#slowest.toFixed(1)} s (${sorted.length})`;
  }
}

async function health(): Promise<{ hashed: number; total: number | null } | null> {
  return (await (await fetch(api)).json()).pieces;
}

async function redirect(): Promise<void> {
  const response = await fetch(`http://${rpc.address}/f${Math.floor(Math.random() * count)}`, {
    redirect: "manual",
  });
  await response.body?.cancel();
  if (response.status !== 302) throw new Error(`a redirect was a ${response.status}`);
}

/** Asks until all is hashed, or time is up. @returns how far it was last */
async function watch(what: string, seconds: number): Promise<number> {
  const [control, redirects] = [new Samples(), new Samples()];
  const start = performance.now();
  let most = 0;
  let hashed = 0;
  let total = 0;
  while (performance.now() - start < seconds * 1000) {
    let pieces: Awaited<ReturnType<typeof health>> = null;
    await control.take(async () => pieces = await health());
    for (let i = 0; i < 20; i++) await redirects.take(redirect);
    most = Math.max(most, residentMemory(rpc.pid) ?? 0);
    pieces = pieces as Awaited<ReturnType<typeof health>>;
    if (pieces === null && !what.startsWith("idle")) break;
    hashed = pieces?.hashed ?? 0;
    total = pieces?.total ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  say(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${hashed} of ${total} files`);
  say(`  memory at most ${most.toFixed(0)} MB`);
  say(`  control API: ${control}`);
  say(`  redirects: ${redirects}`);
  return hashed;
}

await watch("idle", 10);
{
  // What hashing does to the rest is to be told from what any other work does to it.
  const other = new Deno.Command("nice", {
    args: ["-n", "10", "sha1sum", "/dev/zero"],
    stdout: "null",
  }).spawn();
  await watch("idle, beside another program", 20);
  other.kill();
  await other.status;
}
rpc.configure({ PieceHashes: true, Zsync: flags.zsync });
await rpc.ok("reload");
await rpc.ok("refresh");
const kill = Number(flags.kill);
if (kill > 0) {
  const before = await watch("hashing until it is killed", kill);
  await rpc.stop("SIGKILL");
  const logged = rpc.log.length;
  await rpc.start({ PieceHashes: true, Zsync: flags.zsync });
  await rpc.ok("refresh");
  let line: string | undefined;
  // The lock of the process that was killed runs out first.
  while (line === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    line = /Pieces of (\d+) files are to be hashed/.exec(rpc.log.slice(logged))?.[1];
  }
  say(`after the kill: ${line} of ${count + 1} files are to be hashed, ${before} were`);
}
await watch("hashing", 1200);
