/**
 * What one HTTP thread's cache of the file index takes and saves when there is more than fits: random
 * look-ups of all files of an embedded store, in which every mirror has every file.
 *
 *     deno run -A tests/bench/cache.ts [--mirrors 50] [--files 200000] [--entries 200000]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { FileCache } from "../../lib/store/cache/file_cache.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { seededRandom } from "../selection/fixtures.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { fill, pathOf } from "./http/data.ts";

const { values } = parseArgs({
  options: {
    mirrors: { type: "string", default: "50" },
    files: { type: "string", default: "200000" },
    entries: { type: "string", default: "200000" },
  },
});
const mirrors = Number(values.mirrors);
const files = Number(values.files);

await using directory = await tempDir("mirrorbits-bench-");
const path = `${directory.path}/store.db`;
{
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  await fill(store, { mirrors, files });
}
await using reader = openSqliteReader({ path });
let misses = 0;
const cache = new FileCache({
  maximumEntries: Number(values.entries),
  reader: {
    lookup(wanted) {
      misses++;
      return reader.lookup(wanted);
    },
  },
});
const random = seededRandom(1);
const before = Deno.memoryUsage().rss;
say(`${mirrors} mirrors, ${files} files, all asked for at random, Deno ${Deno.version.deno}`);
say("");
say(
  "| look-ups | from memory | µs each | remembered | estimated, MB | resident memory grew by, MB |",
);
say("|---|---|---|---|---|---|");
for (let pass = 1; pass <= 4; pass++) {
  misses = 0;
  const start = performance.now();
  for (let i = 0; i < files; i++) cache.load(pathOf(Math.floor(random() * files)));
  const cells = [
    pass * files,
    `${((1 - misses / files) * 100).toFixed(0)} %`,
    ((performance.now() - start) / files * 1000).toFixed(0),
    cache.size,
    (cache.bytes / 1e6).toFixed(0),
    ((Deno.memoryUsage().rss - before) / 1e6).toFixed(0),
  ];
  say(`| ${cells.join(" | ")} |`);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
