/**
 * Writes to a store until it is killed, and says what it was promised. Started by sqlite_crash_test.ts
 * with the path of the store and the number of files; each line on stdout is the number of rounds that are done.
 *
 * @module
 */
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { sampleFile, sampleMirror } from "../store_contract/samples.ts";

const files = Number(Deno.args[1]);
const store = await openSqliteStore({
  path: Deno.args[0]!,
  log: new MemoryLog(),
  now: Date.now,
});
const signal = new AbortController().signal;
const paths = Array.from({ length: files }, (_, i) => `/pool/file-${i}`);
const [known] = await store.fileDownloads("/pool/file-0", [""]);
const mirror = (await store.mirrors()).find(({ name }) => name === "stays");
const mirrorId = mirror?.id ?? await store.addMirror(sampleMirror("stays"));
const leftOver = (await store.mirrors()).find(({ name }) => name === "passing");
if (leftOver) await store.removeMirror(leftOver.id);

for (let round = known! + 1;; round++) {
  const changed = paths.map((path) => sampleFile(path, { size: round, modTime: round * 1000 }));
  await store.updateSource({ changed, removed: [`/old-${round - 1}`] }, signal);
  await store.updateSource({ changed: [sampleFile(`/old-${round}`)], removed: [] }, signal);
  await store.updateCopies(mirrorId, { changed, removed: [] }, signal);
  const passing = await store.addMirror(sampleMirror("passing"));
  await store.updateCopies(passing, { changed, removed: [] }, signal);
  await store.removeMirror(passing);
  await store.updateMirrorState(mirrorId, { lastSync: round * 1000, lastModTime: round * 1000 });
  await store.addDownloads({
    day: "2026-11-22",
    files: new Map([["/pool/file-0", 1]]),
    mirrors: new Map([[mirrorId, { downloads: 1, bytes: 10 }]]),
  });
  await Deno.stdout.write(new TextEncoder().encode(`${round}\n`));
}
