/**
 * What a scan of 100 000 files costs: the bare `rsync -r` of a loopback daemon, the same listing read,
 * parsed and compared, and a source scan with everything and with nothing to hash.
 *
 * @module
 */
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { FileTable } from "../../lib/scan/file_table.ts";
import { ListingDifference } from "../../lib/scan/listing_difference.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { scanSource } from "../../lib/scan/source_scan.ts";
import { FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";

const FILES = 100_000;
const PER_DIRECTORY = 100;

const directory = await tempDir();
for (let index = 0; index < FILES; index++) {
  const folder = `${directory.path}/pool/main/${Math.floor(index / PER_DIRECTORY)}`;
  if (index % PER_DIRECTORY === 0) Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(`${folder}/package-${index}_1.0-1_amd64.deb`, "x".repeat(index % 2000));
}
const rsyncd = await RsyncDaemon.start({ mirror: directory.path });
const url = rsyncd.url("mirror");
const forever = new AbortController().signal;

const known = new FileTable();
for await (const batch of new RsyncLister({ clock: systemClock }).list(url, forever).files) {
  for (const { path, size, modTime } of batch) known.add(path, size, modTime);
}
const store = new FakeStore();
const source = {
  store,
  repository: directory.path,
  hashes: { sha256: true, sha1: false, md5: false },
  log: new MemoryLog(),
  now: Date.now,
  signal: forever,
};
await scanSource(source);

globalThis.addEventListener("unload", () => {
  Deno.kill(rsyncd.pid, "SIGKILL");
  Deno.removeSync(directory.path, { recursive: true });
});

const options = { group: "rsync", n: 5, warmup: 1 };

Deno.bench("bare rsync -r", { ...options, baseline: true }, async () => {
  const args = ["-r", "--no-motd", "--exclude=.~tmp~/", url];
  await new Deno.Command("rsync", { args, stdout: "null" }).output();
});

Deno.bench("rsync -r into a pipe, read and dropped", options, async () => {
  const args = ["-r", "--no-motd", "--exclude=.~tmp~/", url];
  const child = new Deno.Command("rsync", { args, stdout: "piped" }).spawn();
  for await (const _ of child.stdout);
  await child.status;
});

Deno.bench("listed, parsed and compared: nothing changed", options, async () => {
  await compare(known);
});

Deno.bench("listed, parsed and compared: everything new", options, async () => {
  await compare(new FileTable());
});

async function compare(previous: FileTable): Promise<void> {
  const difference = new ListingDifference(previous);
  for await (const batch of new RsyncLister({ clock: systemClock }).list(url, forever).files) {
    for (const file of batch) difference.add(file);
  }
  if (difference.finish().indexed !== FILES) throw new Error("The listing is not whole");
}

Deno.bench("source scan: nothing changed", { group: "source", n: 5 }, async () => {
  await scanSource(source);
});

Deno.bench("source scan: everything hashed", { group: "source", n: 3 }, async () => {
  await scanSource({ ...source, rehash: true });
});
