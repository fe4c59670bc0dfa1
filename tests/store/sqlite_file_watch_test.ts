import type { Clock } from "../../lib/clock/clock.ts";
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { type StoreChange, StoreUnavailableError } from "../../lib/store/store.ts";
import { never, sampleFile, sampleMirror } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

/** What somebody does to the files of a store → what the log says. */
const CASES: Readonly<Record<string, [harm: (path: string) => Promise<void>, words: RegExp]>> = {
  "is removed": [(path) => Deno.remove(path), /its file was removed; /],
  "is removed with its journal": [async (path) => {
    for (const end of ["", "-wal", "-shm"]) await Deno.remove(path + end);
  }, /its file was removed; /],
  "loses its journal": [(path) => Deno.remove(`${path}-wal`), /its journal was removed; /],
  "is cut": [(path) => Deno.truncate(path, 1_000), /its file was cut; /],
  "is emptied": [(path) => Deno.truncate(path, 0), /its file was cut; /],
  "is replaced": [async (path) => {
    await Deno.copyFile(path, `${path}.new`);
    await Deno.rename(`${path}.new`, path);
  }, /another file was put in its place; /],
};

for (const [what, [harm, words]] of Object.entries(CASES)) {
  Deno.test(`a database file that ${what} under the store is told once, and nothing more is accepted`, async () => {
    await using directory = await tempDir();
    const path = `${directory.path}/mirrorbits.db`;
    const log = new MemoryLog();
    let look = (): void => {};
    const clock: Pick<Clock, "every"> = {
      every: (_milliseconds, action) => {
        look = action;
        return { [Symbol.dispose]: () => {} };
      },
    };
    await using store = await openSqliteStore({ path, log, now: Date.now, clock });
    const id = await store.addMirror(sampleMirror("m"));
    // A look that finds nothing wrong.
    look();
    assertEquals([store.trouble, store.available], [null, true]);
    const changes: StoreChange["type"][] = [];
    store.watch(({ type }) => changes.push(type), never());
    await harm(path);
    look();
    assertEquals(store.trouble, "the file of the store is gone, or not whole");
    assertEquals(store.available, false);
    assertEquals(changes, ["condition"]);
    const error = await assertRejects(() => store.enableMirror(id, true), StoreUnavailableError);
    assertMatch(error.message, words);
    look();
    const errors = log.lines.filter((line) => line.startsWith("error: "));
    assertEquals(errors.length, 1, errors.join("\n"));
    assertMatch(errors[0]!, words);
    assertMatch(errors[0]!, /put a backup in its place, and start the daemon again$/);
  });
}

Deno.test("a mirror whose name or address is too long is left out with one warning, and stays stored", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/mirrorbits.db`;
  const log = new MemoryLog();
  await using store = await openSqliteStore({ path, log, now: Date.now });
  await store.addMirror({ ...sampleMirror("x"), name: "ü".repeat(128) });
  await store.addMirror({ ...sampleMirror("y"), rsyncUrl: `rsync://${"a".repeat(2_050)}/` });
  await store.addMirror({ ...sampleMirror("z"), comment: "x".repeat(70_000) });
  for (let i = 0; i < 2; i++) {
    const mirrors = await store.mirrors();
    assertEquals(mirrors.map(({ id, comment }) => [id, comment.length]), [[3, 70_000]]);
    assertEquals(await store.mirror(1), null);
  }
  assertEquals(log.lines, [
    "warn: The mirror with the ID 1 is left out: its name is longer than 255 bytes",
    "warn: The mirror with the ID 2 is left out: its rsyncUrl is longer than 2048 bytes",
  ]);
});

Deno.test("a reader whose file cannot be read any more tells that once, until it can", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/mirrorbits.db`;
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  const files = Array.from({ length: 5_000 }, (_, i) => sampleFile(`/pool/some/where/${i}`));
  await store.updateSource({ changed: files, removed: [] }, never());
  const log = new MemoryLog();
  await using reader = openSqliteReader({ path, log });
  await store[Symbol.asyncDispose]();
  const file = await Deno.open(path, { write: true });
  const { size } = await file.stat();
  await file.seek(4_096, Deno.SeekMode.Start);
  await file.write(new Uint8Array(size - 4_096).fill(0xee));
  file.close();
  for (let i = 0; i < 3; i++) {
    assertThrows(() => reader.lookup(`/pool/some/where/${i}`), StoreUnavailableError);
  }
  assertEquals(log.lines.length, 1, log.lines.join("\n"));
  assertMatch(log.lines[0]!, /^error: Cannot use the store /);
});
