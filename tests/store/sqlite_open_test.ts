import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../lib/store/sqlite/migrations.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { type Store, type StoreChange, StoreUnavailableError } from "../../lib/store/store.ts";
import {
  addCopies,
  addFiles,
  listed,
  never,
  sampleFile,
  sampleMirror,
} from "../store_contract/samples.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

/** The format before the one that has times of first sight. */
const FIRST_SEEN = MIGRATIONS.findIndex((migration) => migration.includes("first_seen"));

function open(path: string): Promise<Store> {
  return openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
}

/** Opening fails with these words, and leaves the file as it is. */
async function assertRefused(path: string, ...words: string[]): Promise<void> {
  const before = await Deno.readFile(path).catch(() => null);
  const error = await assertRejects(() => open(path), StoreUnavailableError);
  for (const word of [path, ...words]) assertStringIncludes(error.message, word);
  assertEquals(await Deno.readFile(path).catch(() => null), before);
}

/** Makes a store with some content and closes it. */
async function make(path: string, files = 2000): Promise<void> {
  await using store = await open(path);
  const id = await store.addMirror(sampleMirror("m"));
  const paths = Array.from({ length: files }, (_, i) => `/pool/some/where/file-${i}`);
  await addFiles(store, ...paths.map((path) => sampleFile(path)));
  await addCopies(store, id, ...paths.map((path) => listed(path)));
}

Deno.test("openSqliteStore() makes the directory and describes the store", async () => {
  await using dir = await tempDir();
  await using store = await open(`${dir.path}/a/b/mirrorbits.db`);
  assert(/^SQLite 3\.\d+ at \/.*\/a\/b\/mirrorbits\.db$/.test(store.description));
});

Deno.test("openSqliteStore() finds everything again, and new IDs go on", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await make(path, 10);
  {
    await using store = await open(path);
    assertEquals((await store.mirrors()).map(({ name }) => name), ["m"]);
    assertEquals(await store.countFiles(), 10);
    assertEquals((await store.lookup("/pool/some/where/file-3"))?.copies.length, 1);
    await store.removeMirror(1);
  }
  await using store = await open(path);
  assertEquals(await store.addMirror(sampleMirror("m")), 2);
});

Deno.test("openSqliteStore() refuses a store that is in use, until it is closed", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  {
    await using _store = await open(path);
    const error = await assertRejects(() => open(path), StoreUnavailableError);
    for (const word of [path, `${path}.lock`, "another mirrorbits daemon", "DatabasePath"]) {
      assertStringIncludes(error.message, word);
    }
  }
  await using store = await open(path);
  assertEquals(store.available, true);
});

Deno.test("openSqliteStore() refuses what is no database", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await Deno.writeTextFile(path, "This is no database. ".repeat(1000));
  await assertRefused(path, "no SQLite database", "backup");
  await assertRefused(path, "no SQLite database");
});

Deno.test("openSqliteStore() refuses a directory and a path below a file", async () => {
  await using dir = await tempDir();
  await assertRefused(dir.path, "it is a directory");
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await assertRefused(`${dir.path}/file/mirrorbits.db`, "cannot be made");
});

Deno.test("openSqliteStore() notices damage in the middle of the file", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await make(path);
  {
    using file = await Deno.open(path, { write: true });
    await file.seek(20 * 4096, Deno.SeekMode.Start);
    await file.write(new Uint8Array(8 * 4096).fill(0x5a));
  }
  await assertRefused(path, "damaged", "backup");
});

Deno.test("openSqliteStore() notices that the file was cut short", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await make(path);
  for (const size of [40 * 4096, 5000, 4096, 50]) {
    await Deno.truncate(path, size);
    await assertRefused(path, "backup");
  }
});

Deno.test("openSqliteStore() refuses a journal whose database is lost", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await Deno.writeTextFile(`${path}-wal`, "content");
  await assertRefused(path, `${path}-wal`, "missing or empty");
  await Deno.writeTextFile(path, "");
  await assertRefused(path, `${path}-wal`, "missing or empty");
  assertEquals(await Deno.readTextFile(`${path}-wal`), "content");
});

Deno.test("openSqliteStore() refuses another program's database and a newer format", async () => {
  await using dir = await tempDir();
  const other = new DatabaseSync(`${dir.path}/other.db`);
  other.exec("CREATE TABLE theirs (a)");
  other.close();
  const error = await assertRejects(() => open(`${dir.path}/other.db`), StoreUnavailableError);
  assertStringIncludes(error.message, "another program");
  await make(`${dir.path}/newer.db`, 1);
  const newer = new DatabaseSync(`${dir.path}/newer.db`);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  const refused = await assertRejects(() => open(`${dir.path}/newer.db`), StoreUnavailableError);
  assertStringIncludes(refused.message, "format 99");
  assertStringIncludes(refused.message, "upgrade the program");
});

/** Writes a database as a version before did, with ten files. */
function makeOld(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  for (const migration of MIGRATIONS.slice(0, FIRST_SEEN)) database.exec(migration);
  for (let id = 1; id <= 10; id++) {
    database.exec(`
      INSERT INTO path VALUES (${id}, '/old/${id}');
      INSERT INTO source VALUES (${id}, 1, 0, NULL, NULL, NULL)`);
  }
  // "mbit"
  database.exec(`PRAGMA application_id = ${0x6d626974}; PRAGMA user_version = ${FIRST_SEEN}`);
  database.close();
}

Deno.test("openSqliteStore() copies what has an older format, and says how to go back", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  makeOld(path);
  await Deno.writeTextFile(`${path}.format-3`, "older");
  await Deno.writeTextFile(`${path}.format-${FIRST_SEEN}`, "of an attempt before");
  await Deno.writeTextFile(`${path}.format-99`, "newer");
  await Deno.writeTextFile(`${path}.format-x`, "not ours");
  const log = new MemoryLog();
  {
    await using store = await openSqliteStore({ path, log, now: Date.now });
    assertEquals(await store.countFiles(), 10);
    await addFiles(store, sampleFile("/later"));
  }
  const copy = `${path}.format-${FIRST_SEEN}`;
  assertEquals(log.lines.length, 1);
  assertStringIncludes(log.lines[0]!, `move "${copy}" (format ${FIRST_SEEN}) to "${path}"`);
  assertEquals(Deno.statSync(copy).mode! & 0o777, 0o600);
  const names = [...Deno.readDirSync(dir.path)].map(({ name }) => name).sort();
  assertEquals(
    names.filter((name) => name.includes("format")),
    [`mirrorbits.db.format-${FIRST_SEEN}`, "mirrorbits.db.format-99", "mirrorbits.db.format-x"],
  );
  // The way back, as it was told; the version before reads it.
  for (const journal of [`${path}-wal`, `${path}-shm`]) {
    await Deno.remove(journal).catch(() => {});
  }
  await Deno.rename(copy, path);
  const before = new DatabaseSync(path);
  const { user_version: version } = before.prepare("PRAGMA user_version").get()!;
  const { count } = before.prepare("SELECT count(*) AS count FROM source").get()!;
  before.close();
  assertEquals([version, count], [FIRST_SEEN, 10]);
  // A format that is current is not copied.
  await (await open(path))[Symbol.asyncDispose]();
  const again = new MemoryLog();
  await (await openSqliteStore({ path, log: again, now: Date.now }))[Symbol.asyncDispose]();
  assertEquals(again.lines, []);
});

Deno.test("openSqliteStore() changes no format where there is no room for a copy", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  makeOld(path);
  // Nobody can write a file where a directory is.
  await Deno.mkdir(`${path}.format-${FIRST_SEEN}.partial/x`, { recursive: true });
  await assertRefused(path, "cannot be copied", "before its format is changed");
});

Deno.test("openSqliteStore() names the permission that Deno lacks", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await make(path, 1);
  const script = `
    import { openSqliteStore } from ${
    JSON.stringify(
      import.meta.resolve("../../lib/store/sqlite/open_sqlite_store.ts"),
    )
  };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    try {
      const store = await openSqliteStore({ path: ${JSON.stringify(path)}, log, now: Date.now });
      await store[Symbol.asyncDispose]();
      console.log("opened");
    } catch (error) {
      console.log(error.name, error.message);
    }`;
  await Deno.writeTextFile(`${dir.path}/open.ts`, script);
  const run = async (...flags: string[]): Promise<string> => {
    const args = [
      "run",
      "--no-prompt",
      "--no-lock",
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      ...flags,
      `${dir.path}/open.ts`,
    ];
    const output = await new Deno.Command(Deno.execPath(), { args }).output();
    return new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr);
  };
  assertStringIncludes(await run(`--allow-write=${dir.path}`), "add --allow-read");
  assertStringIncludes(await run(`--allow-read=${dir.path}`), "add --allow-write");
  const flags = [`--allow-read=${dir.path}`, `--allow-write=${dir.path}`];
  assertEquals(await run(...flags), "opened\n");
});

Deno.test("openSqliteStore() cleans up after a removal that was cut short", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await make(path);
  const cut = new DatabaseSync(path);
  cut.exec("DELETE FROM mirror; DELETE FROM source");
  cut.close();
  await (await open(path))[Symbol.asyncDispose]();
  const database = new DatabaseSync(path);
  for (const table of ["copy", "path"]) {
    assertEquals(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count, 0);
  }
  database.close();
});

Deno.test("a path that nothing refers to any more is forgotten", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  {
    await using store = await open(path);
    const id = await store.addMirror(sampleMirror("m"));
    await addFiles(store, ...["/a", "/b", "/counted"].map((path) => sampleFile(path)));
    await addCopies(store, id, ...["/a", "/c", "/d"].map((path) => listed(path)));
    await store.addDownloads({
      day: "2026-11-22",
      files: new Map([["/counted", 1]]),
      mirrors: new Map(),
    });
    await store.updateCopies(id, { changed: [], removed: ["/c"] }, never());
    await store.updateSource({ changed: [], removed: ["/a", "/b", "/counted"] }, never());
  }
  const database = new DatabaseSync(path);
  assertEquals(
    database.prepare("SELECT text FROM path ORDER BY text").all().map((row) => row.text),
    ["/a", "/counted", "/d"],
  );
  database.close();
});

Deno.test("a full disk: words, a message once, reading goes on, and writing later", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  const log = new MemoryLog();
  await using store = await openSqliteStore({ path, log, now: Date.now, maximumSize: 400_000 });
  const changes: StoreChange[] = [];
  const controller = new AbortController();
  store.watch((change) => changes.push(change), controller.signal);
  await addFiles(store, sampleFile("/first"));
  const paths = Array.from({ length: 20_000 }, (_, i) => `/pool/some/where/file-${i}`);
  const files = paths.map((path) => sampleFile(path));
  for (let i = 0; i < 2; i++) {
    const error = await assertRejects(() => addFiles(store, ...files), StoreUnavailableError);
    assertStringIncludes(error.message, "the disk is full");
  }
  assertEquals(store.available, false);
  assertEquals(log.lines.length, 1);
  assertStringIncludes(log.lines[0]!, `error: Cannot use the store "${path}": the disk is full`);
  assert(await store.lookup("/first"));
  const written = await store.countFiles();
  assert(written > 1 && written < 20_000);
  await store.updateSource({ changed: [], removed: paths }, never());
  await addFiles(store, sampleFile("/second"));
  assertEquals([store.available, await store.countFiles()], [true, 2]);
  assertEquals(log.lines[1], `info: The store "${path}" can be written again`);
  assertEquals(
    changes.flatMap((change) => change.type === "availability" ? [change.available] : []),
    [false, true],
  );
  controller.abort();
});

Deno.test("a full disk: a store that nobody writes to finds out that there is room again", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  const [log, clock] = [new MemoryLog(), new FakeClock()];
  await using store = await openSqliteStore({
    ...{ path, log, clock, now: Date.now, maximumSize: 400_000 },
  });
  const files = Array.from({ length: 20_000 }, (_, i) => sampleFile(`/pool/some/file-${i}`));
  await assertRejects(() => addFiles(store, ...files), StoreUnavailableError);
  await clock.advance(60_000);
  assertEquals([store.available, log.lines.length], [false, 1]);
  const other = new DatabaseSync(path);
  try {
    other.exec("DELETE FROM source");
    await clock.advance(10_000);
    assertEquals(store.available, true);
    assertEquals(log.lines.slice(1), [`info: The store "${path}" can be written again`]);
    assertEquals(other.prepare("SELECT count(*) AS n FROM note WHERE kind = 'probe'").get()!.n, 0);
  } finally {
    other.close();
  }
  await clock.advance(60_000);
  assertEquals(log.lines.length, 2);
});

Deno.test("a closed store says so, and gives its locks up", async () => {
  await using dir = await tempDir();
  const store = await open(`${dir.path}/mirrorbits.db`);
  const lock = await store.lock("source");
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  assertEquals(lock?.signal.aborted, true);
  await assertRejects(() => store.mirrors(), StoreUnavailableError, "closed");
  await assertRejects(() => addFiles(store, sampleFile("/a")), StoreUnavailableError, "closed");
  assertThrows(() => store.lookup("/a"), StoreUnavailableError, "closed");
});

Deno.test("closing a store ends what is being written with an error, not a crash", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  const log = new MemoryLog();
  const store = await openSqliteStore({ path, log, now: Date.now });
  const files = Array.from({ length: 20_000 }, (_, i) => sampleFile(`/f-${i}`));
  const writing = addFiles(store, ...files).then(() => null, (error) => error);
  await store[Symbol.asyncDispose]();
  const error = await writing;
  assert(error instanceof StoreUnavailableError);
  assertEquals(log.lines, []);
  await using again = await open(path);
  assert(await again.countFiles() < 20_000);
});

Deno.test("removing a mirror takes its lock away", async () => {
  await using dir = await tempDir();
  await using store = await open(`${dir.path}/mirrorbits.db`);
  const mirrorId = await store.addMirror(sampleMirror("m"));
  await using lock = await store.lock({ mirrorId });
  assert(lock);
  await store.removeMirror(mirrorId);
  assertEquals(lock.signal.aborted, true);
});

Deno.test("openSqliteReader() refuses what is missing, empty or in another format", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  assertThrows(() => openSqliteReader({ path }), StoreUnavailableError, path);
  new DatabaseSync(path).close();
  assertThrows(() => openSqliteReader({ path }), StoreUnavailableError, path);
});

Deno.test("openSqliteReader() sees each change at once, without a promise", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await using store = await open(path);
  await using reader = openSqliteReader({ path });
  assertEquals(reader.lookup("/a"), null);
  await addFiles(store, sampleFile("/a"));
  assertEquals(reader.lookup("/a"), { file: sampleFile("/a"), copies: [] });
  assertEquals(reader.fileDownloads("/a", [""]), [0]);
  assertEquals(reader.mirrorDownloads([""]), new Map());
  assertThrows(() => reader.fileDownloads("/a", ["yesterday"]), RangeError);
  await reader[Symbol.asyncDispose]();
  assertThrows(() => reader.lookup("/a"), StoreUnavailableError, "closed");
});
