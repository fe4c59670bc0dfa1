/**
 * What the embedded store and the cache in front of it cost, with 100 000 files on 8 mirrors.
 * Run by `deno task bench`.
 *
 * @module
 */
import type { ListedFile } from "../../lib/catalog/file.ts";
import { FileCache } from "../../lib/store/cache/file_cache.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { sampleMirror } from "../store_contract/samples.ts";
import { seededRandom } from "../store_contract/seeded_random.ts";
import { MemoryLog } from "../support/memory_log.ts";

const FILES = 100_000;
const MIRRORS = 8;

const directory = await Deno.makeTempDir({ prefix: "mirrorbits-bench-" });
const path = `${directory}/mirrorbits.db`;
const store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
const reader = openSqliteReader({ path });
const signal = new AbortController().signal;
const random = seededRandom(1);

const listing: readonly ListedFile[] = Array.from({ length: FILES }, (_, i) => {
  const name = `package-${String(i).padStart(6, "0")}`;
  return {
    path: `/debian/pool/main/p/${name}/${name}_1.2.3-4_amd64.deb`,
    size: 1000 + i * 77_777,
    modTime: 1_700_000_000_123 + i * 1000,
  };
});
await store.updateSource({
  changed: listing.map((file) => ({
    ...file,
    sha1: "01".repeat(20),
    sha256: "23".repeat(32),
    md5: "",
  })),
  removed: [],
}, signal);
const mirrorIds: number[] = [];
for (let i = 0; i < MIRRORS; i++) {
  const id = await store.addMirror(sampleMirror(`m${i}`));
  await store.updateCopies(id, { changed: listing, removed: [] }, signal);
  mirrorIds.push(id);
}
const cache = new FileCache({ reader, maximumEntries: FILES });
for (const file of listing) cache.load(file.path);

globalThis.addEventListener("unload", () => {
  reader[Symbol.asyncDispose]();
  store[Symbol.asyncDispose]();
  Deno.removeSync(directory, { recursive: true });
});

/** A path as a request brings it: a string that was not used as a key before. */
function anyPath(): string {
  const { path } = listing[Math.floor(random() * FILES)]!;
  return `x${path}`.slice(1);
}

Deno.bench("lookup() of a cold file with 8 mirrors", () => {
  reader.lookup(anyPath());
});

Deno.bench("lookup() of an unknown file", () => {
  reader.lookup(`${anyPath()}.unknown`);
});

Deno.bench("FileCache.peek() of a random file among 100 000, path made anew", () => {
  cache.peek(anyPath());
});

const hot = listing[4711]!.path;
Deno.bench("FileCache.peek() of one hot file", () => {
  cache.peek(hot);
});

Deno.bench("sharedFile()", async () => {
  await store.sharedFile(mirrorIds[0]!, random);
});

Deno.bench("addDownloads() of 100 files", { n: 100 }, async () => {
  const files = new Map(Array.from({ length: 100 }, () => [anyPath(), 1]));
  const mirrors = new Map(mirrorIds.map((id) => [id, { downloads: 12, bytes: 1e9 }]));
  await store.addDownloads({ day: "2026-11-22", files, mirrors });
});

Deno.bench("updateCopies() with nothing changed: counts 100 000 shared files", {
  n: 10,
  warmup: 1,
}, async () => {
  await store.updateCopies(mirrorIds[0]!, { changed: [], removed: [] }, signal);
});

Deno.bench("copiesOf() of 100 000 copies", { n: 5, warmup: 1 }, async () => {
  for await (const _ of store.copiesOf(mirrorIds[0]!)) {
    // Reading is what is measured.
  }
});

Deno.bench("updateCopies() of 100 000 new copies", { n: 5, warmup: 1 }, async () => {
  const id = await store.addMirror(sampleMirror(crypto.randomUUID()));
  await store.updateCopies(id, { changed: listing, removed: [] }, signal);
});
