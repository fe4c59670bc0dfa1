/**
 * Measures scans over HTTP of 100 000 files in 5 000 directories, as Apache, nginx, lighttpd and Caddy
 * list them: requests, seconds, decoded bytes and memory of the first scan, and of the second after 1 %
 * of the directories changed. Then how long redirects take while a daemon scans nginx, and while it does
 * not, and how much memory it holds.
 * Needs Debian's apache2, nginx, lighttpd and caddy; what is not there is left out. Arguments:
 * `--directories=5000`, `--files=20` (in each), `--rate=200` (requests a second), `--server=NAME` (those
 * whose name begins so, and no redirects; `redirects`: none of them).
 *
 * @module
 */
import { parseArgs } from "node:util";
import { SourceTree } from "../../../lib/catalog/source_tree.ts";
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../../lib/monitor/http_client.ts";
import { HttpLister } from "../../../lib/scan/http/http_lister.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { liesBelow } from "../../../lib/scan/lies_below.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { measureRedirects } from "./redirects.ts";
import { SERVER_NAMES, startListingServer } from "./servers.ts";

const { values: flags } = parseArgs({
  options: {
    directories: { type: "string", default: "5000" },
    files: { type: "string", default: "20" },
    rate: { type: "string", default: "200" },
    server: { type: "string" },
  },
});
const [directories, files, rate] = [flags.directories, flags.files, flags.rate].map(Number) as [
  number,
  number,
  number,
];
const encoder = new TextEncoder();
const print = (text: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
};
const MINUTE = 60_000;

await using work = await tempDir("mirrorbits-bench-");
await Deno.chmod(work.path, 0o777);
const root = `${work.path}/tree`;
const old = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
const paths: string[] = [];
for (let at = 0; at < directories; at++) {
  const directory = `/pool/${at % 50}/package-${at}`;
  await Deno.mkdir(root + directory, { recursive: true });
  for (let file = 0; file < files; file++) {
    const path = `${directory}/package-${at}_1.${file}-1_amd64.deb`;
    Deno.writeTextFileSync(root + path, "x".repeat((at * 7 + file) % 3000));
    Deno.utimeSync(root + path, old, old);
    paths.push(path);
  }
}

function treeOf(): SourceTree {
  const tree = new SourceTree();
  for (const path of paths) {
    const { size, mtime } = Deno.statSync(root + path);
    tree.add({ path, size, modTime: mtime!.getTime() });
  }
  return tree;
}

/** Peak of the memory that this process holds, in bytes, while something runs. */
async function watched<T>(action: () => Promise<T>): Promise<readonly [T, number]> {
  let most = 0;
  const timer = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), 50);
  try {
    return [await action(), most];
  } finally {
    clearInterval(timer);
  }
}

async function measure(name: string): Promise<void> {
  const directory = await Deno.makeTempDir({ dir: work.path });
  await Deno.chmod(directory, 0o777);
  await using server = await startListingServer(name, root, directory);
  const memory = new ScanMemory();
  let known = new Map<string, { size: number; modTime: number | null }>();
  let passed = 0;
  for (const what of ["first", "second"]) {
    let [requests, bytes, heads] = [0, 0, 0];
    const lister = new HttpLister({
      openClient: (keptConnections) => {
        const client = createMonitorHttpClient({ clock: systemClock, keptConnections });
        return {
          async fetch(url, init) {
            requests++;
            if (init.method === "HEAD") heads++;
            const response = await client.fetch(url, init);
            const counted = response.body?.pipeThrough(
              new TransformStream<Uint8Array, Uint8Array>({
                transform(part, controller) {
                  bytes += part.length;
                  controller.enqueue(part);
                },
              }),
            );
            const { status, headers } = response;
            return new Response(counted ?? null, { status, headers });
          },
          [Symbol.dispose]: () => client[Symbol.dispose](),
        };
      },
      clock: { ...systemClock, now: () => Date.now() + passed },
      ...{ random: Math.random, rate, redirects: true, memory },
      ...{ interval: 360 * MINUTE, scanInterval: 30 * MINUTE },
      resolve: () => Promise.resolve(["127.0.0.1"]),
    });
    const source = treeOf();
    const previous = known;
    known = new Map();
    const start = performance.now();
    const [unread, peak] = await watched(async () => {
      const listing = lister.list(server.url, new AbortController().signal, {
        ...{ source, timed: true, known: (path) => previous.get(path) ?? null },
      });
      for await (const batch of listing.files) {
        for (const { path, size, modTime } of batch) known.set(path, { size, modTime });
      }
      for (const warning of listing.warnings()) print(`  ${warning}`);
      return new Set(listing.unread!());
    });
    const seconds = (performance.now() - start) / 1000;
    for (const [path, file] of previous) if (liesBelow(path, unread)) known.set(path, file);
    print(
      `${name}, ${what}: ${requests} requests (${heads} HEAD), ${seconds.toFixed(1)} s, ` +
        `${(bytes / 1e6).toFixed(1)} MB, ${known.size} of ${paths.length} files, ` +
        `${Math.round(peak / 1e6)} MB of memory at most`,
    );
    passed += 30 * MINUTE;
    if (what === "second") break;
    // The source gets files in one of a hundred directories, and the mirror has them.
    for (let at = 0; at < directories; at += 100) {
      const path = `/pool/${at % 50}/package-${at}/new-${name.replace(" ", "-")}.deb`;
      Deno.writeTextFileSync(root + path, "new");
      Deno.utimeSync(root + path, old, old);
      paths.push(path);
    }
  }
}

for (const name of SERVER_NAMES) {
  if (flags.server !== undefined && !name.startsWith(flags.server)) continue;
  try {
    await measure(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    print(`${name}: it is not installed`);
  }
}

if (flags.server === undefined || flags.server === "redirects") {
  await measureRedirects({ root, paths, directory: work.path, rate, rounds: 3, say: print });
}
