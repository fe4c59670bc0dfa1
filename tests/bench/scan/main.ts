/**
 * Measures whole scans of 100 000 files, store included, in alternation with what any scan has to do
 * at least: `rsync -r` for mirrors, `sha256sum` over the tree for the source; and with the scans of an
 * original `mirrorbits` if its program is given. Prints medians, spread and ratios for both stores.
 * Arguments: `--files=100000`, `--rounds=3`, `--store=embedded` or `redis` (default: both),
 * `--original=PROGRAM` (or MIRRORBITS_ORIGINAL).
 *
 * @module
 */
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { parseArgs } from "node:util";
import { NEW_MIRROR } from "../../../lib/catalog/settings/new_mirror.ts";
import { scanMirror } from "../../../lib/scan/mirror_scan.ts";
import { RsyncLister } from "../../../lib/scan/rsync_lister.ts";
import { scanSource } from "../../../lib/scan/source_scan.ts";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../../lib/store/sqlite/open_sqlite_store.ts";
import type { Store } from "../../../lib/store/store.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { install, TOOLS } from "../../tools/install.ts";
import { originalProgram, originalTemplates } from "../../tools/original.ts";
import { spreadOf } from "../spread.ts";
import { Original } from "./original.ts";

const { values: flags } = parseArgs({
  options: {
    files: { type: "string", default: "100000" },
    rounds: { type: "string", default: "3" },
    store: { type: "string" },
    original: { type: "string", default: originalProgram() ?? "" },
  },
});
const count = Number(flags.files);
const rounds = Number(flags.rounds);
const encoder = new TextEncoder();
const say = (text: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};
const missing = await install([TOOLS.rsync, TOOLS.redis], say);
if (missing.length > 0) {
  say(`Cannot measure: install ${missing.join(" and ")}`);
  Deno.exit(1);
}

await using directory = await tempDir("mirrorbits-bench-");
const tree = `${directory.path}/tree`;
for (let index = 0; index < count; index++) {
  const folder = `${tree}/pool/main/${Math.floor(index / 100)}`;
  if (index % 100 === 0) Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(`${folder}/package-${index}_1.0-1_amd64.deb`, "x".repeat(index % 2000));
}
await using rsyncd = await RsyncDaemon.start({ mirror: tree });
const rsyncUrl = rsyncd.url("mirror");
const common = {
  log: new MemoryLog(),
  now: Date.now,
  random: Math.random,
  signal: new AbortController().signal,
};

/** Something that takes time, and what it is measured against. */
interface Step {
  readonly name: string;
  readonly against: string | null;
  /** What the original does in its place. */
  readonly original?: string;
  readonly run: () => Promise<unknown>;
}

/** The scans of the original, as told on its command line. */
const ORIGINAL = {
  new: "original: mirror scan, all new",
  again: "original: mirror scan, nothing changed",
  unchanged: "original: source scan, nothing changed",
  hashed: "original: source scan, all hashed",
} as const;

async function program(name: string, ...args: string[]): Promise<void> {
  const command = new Deno.Command(name, { args, stdin: "null", stdout: "null" });
  if (!(await command.output()).success) throw new Error(`${name} failed`);
}

/** The scans of one store; each mirror scan that is to find everything gets a mirror of its own. */
async function stepsOf(name: string, store: Store): Promise<Step[]> {
  const source = {
    ...common,
    store,
    repository: tree,
    hashes: { sha256: true, sha1: false, md5: false },
  };
  await scanSource(source);
  let mirrors = 0;
  const scan = async (id: number): Promise<void> => {
    const mirror = (await store.mirror(id))!;
    await scanMirror({
      every: () => ({ [Symbol.dispose]() {} }),
      timeout: systemClock.timeout,
      ...common,
      store,
      mirror,
      listers: [new RsyncLister({ clock: systemClock })],
      fetch: () => Promise.reject(new Error("There is no trace file")),
      config: { fixTimezoneOffsets: false, tolerance: 0, traceFileLocation: "", exclude: [] },
    });
  };
  const add = (): Promise<number> =>
    store.addMirror({
      ...NEW_MIRROR,
      name: `mirror-${mirrors++}`,
      httpUrl: "http://mirror.example.org/",
      rsyncUrl,
    });
  const known = await add();
  await scan(known);
  return [
    {
      name: `${name}: mirror scan, all new`,
      against: "rsync -r",
      original: ORIGINAL.new,
      run: async () => scan(await add()),
    },
    {
      name: `${name}: mirror scan, nothing changed`,
      against: "rsync -r",
      original: ORIGINAL.again,
      run: () => scan(known),
    },
    {
      name: `${name}: source scan, nothing changed`,
      against: null,
      original: ORIGINAL.unchanged,
      run: () => scanSource(source),
    },
    {
      name: `${name}: source scan, all hashed`,
      against: "sha256sum",
      original: ORIGINAL.hashed,
      run: () => scanSource({ ...source, rehash: true }),
    },
  ];
}

/** The scans of the original, likewise. */
async function stepsOfOriginal(original: Original): Promise<Step[]> {
  await original.run("refresh");
  let mirrors = 0;
  const add = async (): Promise<string> => {
    const name = `mirror-${mirrors++}-of-the-original`;
    await original.run("add", "-http", "http://127.0.0.1/", "-rsync", rsyncUrl, name);
    return name;
  };
  const scan = async (name: string): Promise<void> => await original.run("scan", name);
  const known = await add();
  await scan(known);
  return [
    { name: ORIGINAL.new, against: "rsync -r", run: async () => scan(await add()) },
    { name: ORIGINAL.again, against: "rsync -r", run: () => scan(known) },
    { name: ORIGINAL.unchanged, against: null, run: () => original.run("refresh") },
    { name: ORIGINAL.hashed, against: "sha256sum", run: () => original.run("refresh", "-rehash") },
  ];
}

const steps: Step[] = [
  {
    name: "rsync -r",
    against: null,
    run: () => program("rsync", "-r", "--no-motd", rsyncUrl),
  },
  {
    name: "sha256sum",
    against: null,
    run: () => program("sh", "-c", `find "${tree}" -type f -print0 | xargs -0 sha256sum`),
  },
];
await using stores = new AsyncDisposableStack();
if (flags.store !== "redis") {
  const path = `${directory.path}/store.db`;
  const store = stores.use(await openSqliteStore({ ...common, path }));
  steps.push(...await stepsOf("embedded", store));
}
if (flags.store !== "embedded") {
  const { port } = stores.use(await RedisServer.start("--appendonly", "no"));
  const address = { hostname: "127.0.0.1", port };
  const store = stores.use(
    await openRedisStore({ ...common, clock: systemClock, address, password: "", db: 0 }),
  );
  steps.push(...await stepsOf("Redis", store));
}
if (flags.original !== "") {
  const original = stores.use(
    await Original.start({
      program: flags.original,
      directory: directory.path,
      repository: tree,
      templates: originalTemplates(flags.original),
    }),
  );
  steps.push(...await stepsOfOriginal(original));
}

const times = new Map<string, number[]>(steps.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const { name, run } of steps) {
    const start = performance.now();
    await run();
    times.get(name)!.push((performance.now() - start) / 1000);
  }
}
say(`${count} files, ${rounds} rounds, Deno ${Deno.version.deno}`);
say("");
say("| | seconds (spread) | of the program | of the original |");
say("|---|---|---|---|");
for (const { name, against, original } of steps) {
  const { median, low, high } = spreadOf(times.get(name)!);
  const of = (other: string | null | undefined): string => {
    const others = times.get(other ?? "");
    return others === undefined ? "" : (median / spreadOf(others).median).toFixed(2);
  };
  const spread = `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
  say(`| ${name} | ${spread} | ${of(against)} | ${of(original)} |`);
}
