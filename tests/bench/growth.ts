/**
 * What a cold look-up in the embedded store and the store itself cost as the number of files grows, with
 * 8 mirrors that have every file. Prints a table; not part of `deno task bench`, for the largest takes a
 * minute or two.
 *
 *     deno run -A tests/bench/growth.ts [--files 2000,200000,2000000] [--mirrors 8]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Files that are written, and looked up, at once. */
const PART = 100_000;
const LOOK_UPS = 20_000;

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "2000,200000,2000000" },
    mirrors: { type: "string", default: "8" },
  },
});
const mirrors = Number(values.mirrors);
const { signal } = new AbortController();
const pathOf = (i: number): string =>
  `/pool/main/${Math.floor(i / 100)}/package-${i}_1.0-1_amd64.deb`;

say(`${mirrors} mirrors, Deno ${Deno.version.deno}`);
say("");
say(
  "| files | look-up of a file, µs | of an unknown one | on disk, bytes a file | memory, MB | written in |",
);
say("|---|---|---|---|---|---|");
for (const count of values.files.split(",").map(Number)) await measure(count);

async function measure(count: number): Promise<void> {
  await using directory = await tempDir("mirrorbits-bench-");
  const path = `${directory.path}/mirrorbits.db`;
  const written = await write(path, count);
  const size = (await Deno.stat(path)).size / count;
  await using reader = openSqliteReader({ path });
  const time = (pick: (i: number) => string): string => {
    const paths = Array.from({ length: LOOK_UPS }, () => pick(Math.floor(Math.random() * count)));
    const start = performance.now();
    for (const wanted of paths) reader.lookup(wanted);
    return ((performance.now() - start) / LOOK_UPS * 1000).toFixed(1);
  };
  time(pathOf);
  const known = time(pathOf);
  const unknown = time((i) => `${pathOf(i)}.none`);
  const memory = Math.round(Deno.memoryUsage().rss / 1e6);
  say(`| ${count} | ${known} | ${unknown} | ${size.toFixed(0)} | ${memory} | ${written} s |`);
}

/** @returns the seconds that it took */
async function write(path: string, count: number): Promise<string> {
  const start = performance.now();
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  const part = (from: number): number[] =>
    Array.from({ length: Math.min(PART, count - from) }, (_, i) => from + i);
  for (let from = 0; from < count; from += PART) {
    const changed = part(from).map((i) => ({
      path: pathOf(i),
      size: i,
      modTime: 1_700_000_000_000,
      sha1: "",
      sha256: "ab".repeat(32),
      md5: "",
    }));
    await store.updateSource({ changed, removed: [] }, signal);
  }
  for (let mirror = 0; mirror < mirrors; mirror++) {
    const added = { ...NEW_MIRROR, name: `m${mirror}`, httpUrl: "http://127.0.0.1:9/" };
    const id = await store.addMirror(added);
    for (let from = 0; from < count; from += PART) {
      const changed = part(from).map((i) => ({
        path: pathOf(i),
        size: i,
        modTime: 1_700_000_000_000,
      }));
      await store.updateCopies(id, { changed, removed: [] }, signal);
    }
  }
  return ((performance.now() - start) / 1000).toFixed(1);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
