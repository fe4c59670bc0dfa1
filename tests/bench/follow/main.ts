/**
 * How soon the answers follow changes of the repository, while one file in it grows all the time: for each way in
 * which a file changes, so many at once, from each change to the first right answer; then 20 000 new files at
 * once, of which a thousand are asked for, beside the time of a full scan of as many. Needs Debian's rsync, and redis-server for `redis`.
 *
 *     deno task bench:follow [sqlite|redis] [--changes=1000] [--many=20000] [--kind=NAME]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { MirrorServer } from "../../support/mirror_server.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Answer, Asker } from "./answers.ts";
import { CHANGE_KINDS, type Places } from "./changes.ts";

const { values: flags, positionals: [kindOfStore = "sqlite"] } = parseArgs({
  allowPositionals: true,
  options: {
    changes: { type: "string", default: "1000" },
    many: { type: "string", default: "20000" },
    kind: { type: "string" },
  },
});
const changes = Number(flags.changes);
const many = Number(flags.many);
const kinds = CHANGE_KINDS.filter(({ name }) => name === (flags.kind ?? name));
const FALLBACK = "http://fallback.example/";
/** Milliseconds between two rounds of asking. */
const PAUSE = 100;
/** Of very many files, as many are asked for, spread evenly. */
const ASKED = 1000;
/** When very many files were changed last, in seconds since the epoch. */
const LONG_AGO = 1_700_000_000;
/** Milliseconds after which an answer is given up. */
const LONGEST = 300_000;
const print = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
};
const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** An answer that is waited for. */
interface Waited {
  readonly path: string;
  readonly right: (answer: Answer) => boolean;
  /** When the change was done, in milliseconds. */
  readonly since: number;
}

await using resources = new AsyncDisposableStack();
const { path } = resources.use(await tempDir("mirrorbits-follow-"));
await Deno.chmod(path, 0o755);
const [source, copy] = [`${path}/source`, `${path}/copy`];
for (const name of ["source", "state"]) await Deno.mkdir(`${path}/${name}`);
const place = (kind: (typeof CHANGE_KINDS)[number]): string => kind.name.replaceAll(" ", "-");
for (const kind of kinds) {
  await Deno.mkdir(`${source}/${place(kind)}`);
  for (let index = 0; index < changes; index++) kind.prepare(`${source}/${place(kind)}`, index);
}
await new Deno.Command("cp", { args: ["-a", source, copy] }).output();
for (const name of many > 0 ? ["scanned", "many"] : []) {
  await Deno.mkdir(`${copy}/${name}`);
  for (let index = 0; index < many; index++) {
    Deno.writeTextFileSync(`${copy}/${name}/${index}`, "new one");
    Deno.utimeSync(`${copy}/${name}/${index}`, LONG_AGO, LONG_AGO);
  }
}
const mirror = resources.use(MirrorServer.start(copy));
const rsync = resources.use(await RsyncDaemon.start({ copy }));
const redis = kindOfStore === "redis" ? resources.use(await RedisServer.start()) : null;
const daemon = resources.use(
  new Daemon({
    directory: `${path}/state`,
    config: {
      ...{
        Repository: source,
        Fallbacks: [{ URL: FALLBACK }],
        CheckInterval: 60,
        ScanInterval: 60,
      },
      ...redis ? { Store: "redis", RedisAddress: `127.0.0.1:${redis.port}` } : {},
    },
  }),
);
await daemon.start();
await daemon.ok("refresh");
await daemon.ok("add", "-http", mirror.url, "-rsync", rsync.url("copy"), "m1");
await daemon.ok("scan", "-enable", "m1");
const asker = resources.use(new Asker(daemon.address));
const places: Places = { mirror: mirror.url, fallback: FALLBACK };

// Something is written all the time, as an upload or a log is.
const growing = new Deno.Command("sh", {
  args: ["-c", `while :; do echo more; sleep 0.1; done > "${source}/growing.log"`],
}).spawn();
resources.defer(async () => {
  growing.kill();
  await growing.status;
});

/** Asks until every answer is right. @returns milliseconds that each took, the shortest first */
async function follow(waited: readonly Waited[]): Promise<number[]> {
  const begun = performance.now();
  const times: number[] = [];
  let waiting = waited;
  while (waiting.length > 0 && performance.now() - begun < LONGEST) {
    const still: Waited[] = [];
    // A round may take long: each part of it has its own time.
    for (let start = 0; start < waiting.length; start += 500) {
      const some = waiting.slice(start, start + 500);
      const answers = await asker.ask(some.map((one) => one.path));
      const time = performance.now();
      some.forEach((one, i) => {
        if (one.right(answers[i]!)) times.push(time - one.since);
        else still.push(one);
      });
    }
    waiting = still;
    await after(PAUSE);
  }
  for (const { since } of waiting) times.push(performance.now() - since);
  return times.sort((a, b) => a - b);
}

/** Milliseconds for which processors have worked for the daemon. */
function worked(): number {
  const stat = Deno.readTextFileSync(`/proc/${daemon.pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** Directories that the system watches for the daemon. */
function watches(): number {
  const infos = `/proc/${daemon.pid}/fdinfo`;
  return [...Deno.readDirSync(infos)].filter(({ name }) => {
    try {
      return Deno.readTextFileSync(`${infos}/${name}`).includes("inotify wd");
    } catch {
      return false;
    }
  }).length;
}

function row(name: string, times: readonly number[], work: number): string {
  const at = (share: number): string =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(0);
  return `| ${name} | ${times.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${work} |`;
}

print(`| ${kindOfStore}: change | answers | median, ms | 99 % | longest | work of the daemon |`);
print("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const kind of kinds) {
  const below = place(kind);
  const all = Array.from({ length: changes }, (_, index) => kind.expected(index)).flat();
  await waitFor(async () => {
    const answers = await asker.ask(all.map(({ name }) => `/${below}/${name}`));
    return all.every(({ before }, i) => before(answers[i]!, places));
  }, { what: `the answers before: ${kind.name}` });
  const waited: Waited[] = [];
  const before = worked();
  for (let index = 0; index < changes; index++) {
    kind.change(`${source}/${below}`, index);
    const since = performance.now();
    for (const { name, after } of kind.expected(index)) {
      waited.push({ path: `/${below}/${name}`, right: (answer) => after(answer, places), since });
    }
  }
  const times = await follow(waited);
  print(row(kind.name, times, worked() - before));
}

if (many > 0) {
  // The mirror has them: without the index, what is found on disk leads to the fallback.
  const write = async (name: string): Promise<Waited[]> => {
    await Deno.mkdir(`${source}/${name}`);
    return Array.from({ length: many }, (_, index) => {
      const file = `${source}/${name}/${index}`;
      Deno.writeTextFileSync(file, "new one");
      Deno.utimeSync(file, LONG_AGO, LONG_AGO);
      const right = (answer: Answer): boolean => answer.startsWith(`302 ${mirror.url}`);
      return { path: `/${name}/${index}`, right, since: performance.now() };
    });
  };
  /** How many of the files are right. */
  const right = async (files: readonly Waited[], query = ""): Promise<number> => {
    const answers = await asker.ask(files.map(({ path }) => path + query));
    return files.filter((file, i) => query === "" ? file.right(answers[i]!) : answers[i] === "200")
      .length;
  };
  const watch = async (watched: boolean): Promise<void> => {
    daemon.configure(watched ? {} : { WatchRepository: false });
    await daemon.ok("reload");
    await waitFor(() => watches() > 0 === watched, { what: "the watching to begin or end" });
    await daemon.ok("refresh");
  };

  // As many new files, found by nothing else: all there and hashed, in the end.
  await watch(false);
  const scanned = await write("scanned");
  if (await right(scanned) > 0) throw new Error("Files were found before they were scanned");
  const beforeScan = worked();
  const begun = performance.now();
  await daemon.ok("refresh");
  const scan = performance.now() - begun;
  const scanWork = worked() - beforeScan;
  await waitFor(async () => await right(scanned, "?sha256") === many, { what: "every hash" });
  await Deno.remove(`${source}/scanned`, { recursive: true });
  await watch(true);

  const before = worked();
  const files = await write("many");
  // To ask for all of them again and again would take the daemon more work than to find them.
  const step = Math.ceil(many / ASKED);
  const times = await follow(files.filter((_, index) => index % step === 0));
  print(row(`new, ${many} at once`, times, worked() - before));
  await waitFor(async () => await right(files, "?sha256") === many, { what: "every hash" });
  print(
    `\nA full scan of ${many} new files: ${(scan / 1000).toFixed(1)} s, work ${scanWork} ms; ` +
      `files written in ${(files.at(-1)!.since - files[0]!.since).toFixed(0)} ms`,
  );
}
