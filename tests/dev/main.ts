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
    place: ["Latitude=52.37", "Longitude=4.89", "ContinentCode=EU", "CountryCodes=NL"],
    client: "193.0.6.139",
    has: "everything",
    tree: {},
  },
  {
    name: "chicago",
    place: ["Latitude=41.88", "Longitude=-87.63", "ContinentCode=NA", "CountryCodes=US"],
    client: "8.8.8.8",
    has: `no ${MISSING_FILE}`,
    tree: { except: [MISSING_FILE] },
  },
  {
    name: "tokyo",
    place: ["Latitude=35.68", "Longitude=139.69", "ContinentCode=AS", "CountryCodes=JP"],
    client: "133.11.0.1",
    has: `an old ${STALE_FILE}`,
    tree: { stale: [STALE_FILE] },
  },
] as const;

const encoder = new TextEncoder();
const say = (text = ""): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};

/** Resolves at Ctrl-C or when the sample is told to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
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
  say(`Starting the daemon on the embedded store, with its files in ${directory.path}`);
  await daemon.start();

  const cli = async (...args: string[]): Promise<void> => {
    say(`$ mirrorbits ${args.join(" ")}`);
    say((await daemon.ok(...args)).trimEnd());
  };
  await cli("refresh");
  for (const [index, { name, place }] of MIRRORS.entries()) {
    await cli("add", "-http", mirrors[index]!.server.url, "-rsync", rsyncd.url(name), name);
    await cli("edit", name, ...place.flatMap((field) => ["-set", field]));
    await cli("scan", "-enable", name);
  }
  await waitFor(async () => {
    const states = await daemon.ok("list");
    return MIRRORS.every(({ name }) => new RegExp(`^${name}\\s+up\\b`, "m").test(states));
  }, { what: "the mirrors to be up" });
  await cli("list", "-http", "-location");
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
  const deno = `${Deno.execPath()} run -q -P=cli main.ts ${daemon.cliArgs.join(" ")}`;
  say("Open in a browser:");
  say();
  say("  Who would serve a visitor from the Netherlands, and how to check the download:");
  say(`    ${base}/README.txt?mirrorlist&fromip=${MIRRORS[0].client}`);
  say("  The mirrors of the last month:");
  say(`    ${base}/?mirrorstats`);
  say();
  say("Try, in another terminal:");
  say();
  say("  A redirect, for a client in the Netherlands, the United States, Japan:");
  for (const client of [european, american, asian]) say(`    curl -i ${client} ${base}/README.txt`);
  say("  The same from the United States, for the file that chicago lacks:");
  say(`    curl -i ${american} ${base}/${MISSING_FILE}`);
  say("  The same from Japan, for the file that is old on tokyo:");
  say(`    curl -i ${asian} ${base}/${STALE_FILE}`);
  say("  JSON:");
  say(`    curl -H 'Accept: application/json' ${european} '${base}/README.txt?pretty'`);
  say("  A checksum:");
  say(`    curl '${base}/README.txt?sha256'`);
  say("  The command line:");
  say(`    ${deno} list`);
  say();
  say("Ctrl-C stops and removes all of it.");
}

Deno.exit(await main());
