/**
 * The sample: a repository, three mirrors and the daemon on this machine, to try things out. Ends
 * with Ctrl-C and leaves nothing behind.
 *
 * @module
 */
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { install, TOOLS } from "../tools/install.ts";
import { makeSample, MISSING_FILE, STALE_FILE } from "./sample_repository.ts";

/** Where each mirror stands, what is wrong with it, and an address of a client next to it. */
const MIRRORS = [
  {
    name: "amsterdam",
    place: ["52.37", "4.89", "EU", "NL"],
    client: "193.0.6.139",
    has: "everything",
    tree: {},
  },
  {
    name: "chicago",
    place: ["41.88", "-87.63", "NA", "US"],
    client: "8.8.8.8",
    has: `no ${MISSING_FILE}`,
    tree: { except: [MISSING_FILE] },
  },
  {
    name: "tokyo",
    place: ["35.68", "139.69", "AS", "JP"],
    client: "133.11.0.1",
    has: `an old ${STALE_FILE}`,
    tree: { stale: [STALE_FILE] },
  },
] as const;

/** What says where a mirror stands, in the order of `place`. */
const PLACE_FLAGS = ["-latitude", "-longitude", "-continent-code", "-country-codes"];

const encoder = new TextEncoder();
const say = (text = ""): void => {
  try {
    Deno.stdout.writeSync(encoder.encode(`${text}\n`));
  } catch {
    // The terminal was closed.
  }
};

/** Resolves at Ctrl-C, when the terminal is closed, or when the sample is told to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => resolve());
    }
  });
}

async function main(): Promise<number> {
  const end = interrupted();
  const missing = await install([TOOLS.rsync], say);
  if (missing.length > 0) {
    say("error: rsync is not installed, and the mirrors are scanned with it");
    say(
      "hint: install it (apt-get install rsync, dnf install rsync, brew install rsync) and start again",
    );
    return 1;
  }

  await using directory = await tempDir("mirrorbits-sample-");
  const repository = `${directory.path}/repository`;
  await makeSample(repository);
  await using servers = new AsyncDisposableStack();
  const mirrors: { name: string; server: MirrorServer; tree: string }[] = [];
  for (const { name, tree } of MIRRORS) {
    const path = `${directory.path}/${name}`;
    await makeSample(path, tree);
    mirrors.push({ name, tree: path, server: servers.use(MirrorServer.start(path)) });
  }
  const modules = Object.fromEntries(mirrors.map(({ name, tree }) => [name, tree]));
  await using rsyncd = await RsyncDaemon.start(modules);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, LogDir: directory.path },
  });
  say("Starting the daemon on the embedded store; all files are in");
  say(`  ${directory.path}`);
  await daemon.start();

  const cli = async (...args: string[]): Promise<void> => {
    say(`$ mirrorbits ${args.join(" ")}`);
    say((await daemon.ok(...args)).trimEnd());
  };
  await cli("refresh");
  for (const [index, { name, place }] of MIRRORS.entries()) {
    const urls = ["-http", mirrors[index]!.server.url, "-rsync", rsyncd.url(name)];
    const where = place.flatMap((value, at) => [PLACE_FLAGS[at]!, value]);
    await cli("add", "-scan", "-enable", ...urls, ...where, name);
  }
  await waitFor(async () => {
    const states = await daemon.ok("list");
    return MIRRORS.every(({ name }) => new RegExp(`^${name}\\s+up\\b`, "m").test(states));
  }, { what: "the mirrors to be up" });
  await cli("list", "-location");
  say();
  for (const { name, has } of MIRRORS) say(`${name.padEnd(10)} has ${has}`);
  say();
  printHints(daemon);
  await end;
  say("\nStopping");
  await daemon.stop();
  return 0;
}

function printHints(daemon: Daemon): void {
  const base = `http://${daemon.address}`;
  const [european, american, asian] = MIRRORS.map(({ client }) =>
    `-H 'X-Forwarded-For: ${client}'`
  );
  // What npx keeps it in is no path to type.
  const program = Deno.execPath();
  const deno = program.includes("/_npx/") ? `npx -y deno@${Deno.version.deno}` : program;
  say("Try in another terminal, as clients in the Netherlands, the US and Japan:");
  for (const client of [european, american, asian]) say(`  curl -i ${client} ${base}/README.txt`);
  say("What chicago lacks, from the US; what is old on tokyo, from Japan:");
  say(`  curl -i ${american} ${base}/${MISSING_FILE}`);
  say(`  curl -i ${asian} ${base}/${STALE_FILE}`);
  say("The decision as JSON, a checksum, the command line:");
  say(`  curl -H 'Accept: application/json' '${base}/README.txt?pretty'`);
  say(`  curl '${base}/README.txt?sha256'`);
  say(`  ${deno} run -q -P=cli main.ts ${daemon.cliArgs.join(" ")} list`);
  say();
  say("Open in a browser: who serves a Dutch visitor, the mirrors, the files");
  say(`  ${base}/README.txt?mirrorlist&fromip=${MIRRORS[0].client}`);
  say(`  ${base}/?mirrorstats`);
  say(`  ${base}/`);
  say();
  say("Ctrl-C stops and removes all of it.");
}

Deno.exit(await main());
