/**
 * A source that publishes every few seconds, three mirrors that follow it by rsync at different paces and die
 * now and then, and package managers that update all the time from many addresses: by the redirector and, in
 * the same run, at the source alone. Tells how many updates failed, how many of them because of the
 * redirector (files of two servers neither of which changed meanwhile), what clients said, and whether each
 * address kept its mirror while that could serve. Ends with 1 where one of these does not hold: no failure
 * because of the redirector; by-hash and dnf: no failure; else at most half a percentage point more than at the
 * source alone; every address keeps its mirror.
 * Needs Debian's rsync, and apt-utils and gnupg, dnf, rpm and createrepo-c, or pacman-package-manager. There
 * is no apk to try it with. Arguments: `apt`, `apt-by-hash`, `dnf`, `dnf-metalink`, `pacman`; `--updates=1000`, `--seconds=540` (at most), `--at-once=3`,
 * `--publish=3` (seconds), `--paces=2,4,7` (seconds between two syncs of each mirror), `--dying=20` (seconds
 * between two deaths, of 8 seconds each; 0: nobody dies), `--source=fallback` or `here`, `--log=FILE`
 * (requests, changes and failures), `--not-alone` (no updates at the source alone, for those that may not fail).
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Daemon } from "../../support/daemon.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { aptUpdate, dnfMetalinkUpdate, dnfUpdate, pacmanUpdate } from "./clients.ts";
import { addressOf, Front } from "./front.ts";
import { Keeping } from "./keeping.ts";
import { readListings } from "./listings.ts";
import { LoggedServer, type ServedRequest } from "./logged_server.ts";
import { aptPublisher, archPublisher, rpmPublisher } from "./repository.ts";
import { deadFor, isOurs } from "./verdict.ts";

const { values: flags, positionals: [kind = "apt"] } = parseArgs({
  allowPositionals: true,
  options: {
    updates: { type: "string", default: "1000" },
    seconds: { type: "string", default: "540" },
    "at-once": { type: "string", default: "3" },
    publish: { type: "string", default: "3" },
    paces: { type: "string", default: "2,4,7" },
    dying: { type: "string", default: "20" },
    source: { type: "string", default: "fallback" },
    log: { type: "string" },
    "not-alone": { type: "boolean", default: false },
  },
});
const [most, longest, atOnce, publishing, dying] = [
  ...[flags.updates, flags.seconds, flags["at-once"], flags.publish, flags.dying],
].map(Number) as [number, number, number, number, number];
const SECOND = 1000;
const ADDRESSES = 50;
const encoder = new TextEncoder();
const print = (text: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};
const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

await using resources = new AsyncDisposableStack();
const { path } = resources.use(await tempDir("mirrorbits-storm-"));
await Deno.chmod(path, 0o755);
const paces = flags.paces.split(",").map(Number);
const names = paces.map((_, i) => `m${i + 1}`);
const [source, home] = [`${path}/source`, `${path}/home`];
for (const name of ["source", "home", "state", ...names]) await Deno.mkdir(`${path}/${name}`);

const publisher = kind.startsWith("dnf")
  ? await rpmPublisher(source, home)
  : kind === "pacman"
  ? archPublisher(source, home)
  : resources.use(await aptPublisher(source, home, kind === "apt-by-hash"));
const update =
  (kind === "dnf"
    ? dnfUpdate
    : kind === "dnf-metalink"
    ? dnfMetalinkUpdate
    : kind === "pacman"
    ? pacmanUpdate
    : aptUpdate)(home);
await publisher.publish(1);

const served: ServedRequest[] = [];
const rsync = resources.use(
  await RsyncDaemon.start(
    Object.fromEntries([["source", source], ...names.map((name) => [name, `${path}/${name}`])]),
  ),
);
const origin = resources.use(new LoggedServer("source", source, served));
const mirrors = names.map((name) =>
  resources.use(new LoggedServer(name, `${path}/${name}`, served))
);
const sync = (mirror: LoggedServer): Promise<void> =>
  mirror.change(async () => {
    const args = ["-ai", "--delete", rsync.url("source"), `${mirror.directory}/`];
    // Files that vanish meanwhile (24) are what mirrors live with.
    const { stdout } = await new Deno.Command("rsync", { args, stderr: "null" }).output();
    return stdout.length > 0;
  });
for (const mirror of mirrors) await sync(mirror);

const here = flags.source === "here";
const metalink = kind === "dnf-metalink";
const daemon = resources.use(
  new Daemon({
    directory: `${path}/state`,
    config: {
      ...{ Repository: source, MetadataSets: [publisher.set], ScanInterval: 0, CheckInterval: 0 },
      ...publisher.exclude === undefined ? {} : { Exclude: publisher.exclude },
      ...metalink ? { Metalink: true, MetalinkAlternates: 4, Hashes: { SHA256: true } } : {},
      ...here ? { ServeLocally: { LastResort: true } } : { Fallbacks: [{ URL: origin.url }] },
      ...{ Workers: 1, LogDir: `${path}/state` },
    },
  }),
);
await daemon.start();
for (const mirror of mirrors) {
  await daemon.ok("add", "-http", mirror.url, "-rsync", rsync.url(mirror.name), mirror.name);
  await daemon.ok("scan", "-enable", mirror.name);
}
const keeping = new Keeping(daemon.address, mirrors);
const front = resources.use(new Front(daemon.address, ADDRESSES, keeping));
await waitFor(async () => {
  const [, serving = ""] = /^ {2}serve: (.*)$/m.exec(await daemon.ok("sets")) ?? [];
  return serving.split(", ").length === names.length;
}, { what: "all mirrors to serve" });
await keeping.learn(
  publisher.root,
  Array.from({ length: ADDRESSES }, (_, i) => addressOf(2 * i, ADDRESSES)),
);

let over = false;
let version = 1;
const every = async (seconds: number, action: () => Promise<void>): Promise<void> => {
  while (!over) {
    await after(seconds * SECOND);
    if (!over) await action();
  }
};
const forever = [
  every(publishing, async () => {
    const next = ++version;
    await origin.change(() => publisher.publish(next).then(() => true));
  }),
  ...mirrors.map((mirror, i) => every(paces[i]!, () => sync(mirror))),
];
if (dying > 0) {
  let turn = 0;
  forever.push(every(dying, async () => {
    const mirror = mirrors[turn++ % mirrors.length]!;
    await mirror.die();
    await after(8 * SECOND);
    mirror.live();
  }));
}

/** An update that failed. */
interface Failure {
  readonly update: number;
  readonly output: string;
}
const failed: { redirector: Failure[]; source: Failure[] } = { redirector: [], source: [] };
let next = 0;
const begun = Date.now();
const work = async (worker: number): Promise<void> => {
  while (next < most && Date.now() - begun < longest * SECOND) {
    const number = next++;
    const output = await update(`w${worker}`, front.url, 2 * number);
    if (output !== "") failed.redirector.push({ update: 2 * number, output });
    if (flags["not-alone"]) continue;
    const alone = await update(`s${worker}`, origin.url, 2 * number + 1);
    if (alone !== "") failed.source.push({ update: 2 * number + 1, output: alone });
  }
};
await Promise.all(Array.from({ length: atOnce }, (_, worker) => work(worker)));
const seconds = Math.round((Date.now() - begun) / SECOND);
const updates = next;
over = true;
for (const mirror of mirrors) mirror.live();
await Promise.all(forever);
await keeping.settle(readListings(await rsync.log(), await daemon.log));

const byUpdate = Map.groupBy(served, (request) => request.update);
const requestsOf = (number: number): ServedRequest[] =>
  (byUpdate.get(number) ?? []).sort((a, b) => a.time - b.time);
const servers = [origin, ...mirrors];
const changes = new Map(servers.map(({ name, changes }) => [name, changes]));
const ours = failed.redirector.filter((one) => isOurs(requestsOf(one.update), changes));
const deaths = new Map(mirrors.map(({ url, deaths }) => [url, deaths]));
const sent = Map.groupBy(front.redirects, ({ update }) => update);
const atTheDead = failed.redirector.map((one) => deadFor(sent.get(one.update) ?? [], deaths))
  .filter((time) => time !== null);
let mixed = 0;
for (let number = 0; number < 2 * updates; number += 2) {
  const requests = requestsOf(number);
  if (new Set(requests.map(({ server }) => server)).size > 1) mixed++;
}
const percent = (number: number): string => (100 * number / updates).toFixed(2);
print(
  `${kind}, source as ${flags.source}: ${updates} updates in ${seconds} s, ${version} publications, ` +
    `${mirrors.map(({ changes }) => changes.length).join(", ")} syncs`,
);
print(
  `failed: ${failed.redirector.length} (${percent(failed.redirector.length)} %), because of the ` +
    `redirector ${ours.length}; at the source alone ` +
    (flags["not-alone"]
      ? "not tried"
      : `${failed.source.length} (${percent(failed.source.length)} %)`),
);
if (atTheDead.length > 0) {
  print(
    `sent to a mirror that had died: ${atTheDead.length} of those that failed, at most ` +
      `${Math.max(...atTheDead)} ms before`,
  );
}
const through = served.filter(({ update }) => update % 2 === 0);
print(
  `served: ${
    servers.map(({ name }) => `${name} ${through.filter(({ server }) => server === name).length}`)
      .join(", ")
  }; updates with two servers: ${mixed}`,
);
const passed = keeping.reasons.values().reduce((sum, count) => sum + count, 0);
print(
  `answers at the mirror of the address: ${keeping.kept}; past one that could not serve: ${passed}; past ` +
    `one that could: ${keeping.broken.length}`,
);
for (const [reason, count] of keeping.reasons) print(`  ${count} × ${reason}`);
for (const { client, path, time, server, passed, since, listed } of keeping.broken.slice(0, 20)) {
  const seen = since && listed
    ? `, has it since ${since - begun} ms, listed at ${listed - begun} ms`
    : "";
  print(
    `  after ${time - begun} ms ${client} got ${path} from ${server}, not from ${passed}${seen}`,
  );
}
const allowed = kind === "apt" || kind === "pacman" ? failed.source.length + updates / 200 : 0;
const verdicts: readonly (readonly [what: string, holds: boolean])[] = [
  ["no update failed because of the redirector", ours.length === 0],
  [`at most ${Math.floor(allowed)} updates failed`, failed.redirector.length <= allowed],
  ["every address kept its mirror while that could serve", keeping.broken.length === 0],
];
for (const [what, holds] of verdicts) print(`${holds ? "holds" : "DOES NOT HOLD"}: ${what}`);
if (verdicts.some(([, holds]) => !holds)) Deno.exitCode = 1;
const reasons = new Map<string, number>();
for (const { output } of failed.redirector) {
  const reason = (/^(?:E|Err|W|error)[:\s].*$/mi.exec(output)?.[0] ?? output.split("\n")[0]!)
    .replaceAll(/[0-9a-f]{40,}/g, "HASH").replaceAll(/:\d{4,5}/g, ":PORT").replaceAll(/\d+/g, "N");
  reasons.set(reason, 1 + (reasons.get(reason) ?? 0));
}
for (const [reason, count] of reasons) print(`  ${count} × ${reason}`);
if (flags.log !== undefined) {
  const log = await daemon.log;
  await Deno.writeTextFile(
    flags.log,
    JSON.stringify(
      {
        failed: failed.redirector.map((one) => ({
          ...one,
          ours: ours.includes(one),
          requests: requestsOf(one.update),
        })),
        changes: Object.fromEntries(changes),
        broken: keeping.broken,
        begun,
        log,
      },
      null,
      1,
    ),
  );
}
