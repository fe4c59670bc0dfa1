import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Checkpointer, mayCheckpoint } from "../../lib/store/sqlite/checkpointer.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { allSourceFiles, sampleFile } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

const FILES = 30_000;
const files = Array.from({ length: FILES }, (_, i) => sampleFile(`/pool/file-${i}`));
const { signal } = new AbortController();

Deno.test("Checkpointer moves what is in the journal, and keeps no writer waiting", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/test.db`;
  const database = new DatabaseSync(path);
  // Deno before 2.6 has nothing to dispose of here.
  using _open = { [Symbol.dispose]: () => database.close() };
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (v)");
  await using checkpointer = new Checkpointer(path);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 100; i++) database.exec("INSERT INTO t VALUES (randomblob(4000))");
    const before = Deno.statSync(path).size;
    const moved = checkpointer.run();
    database.exec("INSERT INTO t VALUES (1)");
    assertEquals(await moved, true);
    assert(Deno.statSync(path).size >= before + 300_000);
  }
});

Deno.test("Checkpointer does nothing where the database is not there", async () => {
  await using directory = await tempDir();
  await using checkpointer = new Checkpointer(`${directory.path}/none/test.db`);
  assertEquals(await checkpointer.run(), false);
  assertEquals(await checkpointer.run(), false);
});

Deno.test("a large write leaves its files in the database, and its journal short", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/mirrorbits.db`;
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  await store.updateSource({ changed: files, removed: [] }, signal);
  assert(Deno.statSync(path).size > 1_000_000);
  const journal = Deno.statSync(`${path}-wal`).size;
  await store.updateSource({ changed: [], removed: files.map((file) => file.path) }, signal);
  await store.updateSource({ changed: files, removed: [] }, signal);
  assert(Deno.statSync(`${path}-wal`).size < 3 * journal);
  assertEquals((await allSourceFiles(store)).length, FILES);
});

Deno.test("a store closed in the midst of a large write leaves no thread behind", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/mirrorbits.db`;
  const store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  let parts = 0;
  const closed = Promise.withResolvers<void>();
  store.watch(() => {
    if (++parts === 12) void store[Symbol.asyncDispose]().then(closed.resolve);
  }, signal);
  const writing = store.updateSource({ changed: files, removed: [] }, signal);
  assertEquals(await writing.then(() => "", (error) => error.name), "StoreUnavailableError");
  await closed.promise;
  await using again = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  assertEquals((await allSourceFiles(again)).length, await again.countFiles());
});

/** The checkout may be below the directory for temporary files, so that one is too wide. */
const directory = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));

Deno.test({
  name: "a large write needs no permission beyond its directory",
  permissions: { read: [directory], write: [directory] },
  async fn() {
    assertEquals(mayCheckpoint(), false);
    const path = `${directory}/mirrorbits.db`;
    await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
    await store.updateSource({ changed: files, removed: [] }, signal);
    assertEquals(await store.countFiles(), FILES);
  },
});
