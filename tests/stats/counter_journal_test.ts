import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import type { RecordedAnswers } from "../../lib/stats/recorder.ts";
import { CounterBuffer } from "../../lib/stats/counter_buffer.ts";
import { SqliteJournal } from "../../lib/store/sqlite/sqlite_journal.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";
import { tempDir } from "../support/temp_dir.ts";
import type { DownloadBatch } from "../../lib/store/download_counts.ts";

const DAY = "2026-11-22";

/** A store that adds up, and knows the IDs of batches until it is told to forget them. */
class FakeStore {
  readonly files = new Map<string, number>();
  readonly ids = new Set<string>();
  mirrorDownloads = 0;
  /** What was counted by name. */
  named = 0;
  sizes: number[] = [];
  away = false;
  losesAnswers = false;

  async addDownloads(batch: DownloadBatch, id = ""): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new StoreUnavailableError("Away");
    if (!this.ids.has(id)) {
      for (const [path, count] of batch.files) {
        this.files.set(path, (this.files.get(path) ?? 0) + count);
      }
      for (const { downloads } of batch.mirrors.values()) this.mirrorDownloads += downloads;
      for (const counts of batch.hours?.values() ?? []) this.named += counts.get("downloads") ?? 0;
      for (const { path } of batch.ranged ?? []) {
        this.files.set(path, (this.files.get(path) ?? 0) + 1);
      }
      this.sizes.push(batch.files.size);
    }
    this.ids.add(id);
    if (this.losesAnswers) throw new StoreUnavailableError("No answer");
  }

  forgetDownloads(id: string): Promise<void> {
    this.ids.delete(id);
    return Promise.resolve();
  }
}

function one(path: string): RecordedAnswers {
  const mirrors = new Map([[1, { downloads: 1, bytes: 10 }]]);
  const hours = [{ hour: `${DAY}T15`, counts: { downloads: 1 } }];
  return recordedAnswers({ batches: [{ day: DAY, files: new Map([[path, 1]]), mirrors }], hours });
}

/** A buffer that writes only when it is told to, and uses the journal after the first failure. */
function buffer(store: FakeStore, path: string, log = new MemoryLog(), limit = 1000) {
  const journal = new SqliteJournal(path);
  const counters = new CounterBuffer({
    store,
    log,
    journal,
    limit,
    sameDownloadInterval: () => 600,
    clock: new FakeClock(),
    journalAfter: 1,
  });
  return { journal, counters, log };
}

/** Ends a process as `kill -9` does: nothing more is written, the file is free. */
function kill({ journal }: ReturnType<typeof buffer>): void {
  journal[Symbol.dispose]();
}

/** Stops the timer of a killed buffer, whose store is gone. */
async function bury({ counters, journal }: ReturnType<typeof buffer>): Promise<void> {
  journal.adopt = () => [];
  journal.replace = () => {
    throw new Error("Killed");
  };
  await counters[Symbol.asyncDispose]();
}

Deno.test("there is no journal file before the store is away", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/state/counters.db`;
  const store = new FakeStore();
  await using used = buffer(store, path).counters;
  used.add(one("/a"));
  await used.flush();
  assertEquals([...store.files], [["/a", 1]]);
  assertEquals([...Deno.readDirSync(directory.path)], []);
});

Deno.test("counters of an outage survive kill -9, and count once", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/counters.db`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom("count", "flush", "kill", "away", "back", "lose answers"),
        { maxLength: 30 },
      ),
      async (steps) => {
        const file = `${directory.path}/${crypto.randomUUID()}.db`;
        const store = new FakeStore();
        let counted = 0;
        let used = buffer(store, file);
        // What was counted and neither written nor in the journal dies with the process.
        let unsaved = 0;
        for (const step of steps) {
          if (step === "count") {
            used.counters.add(one("/a"));
            unsaved++;
          } else if (step === "flush") {
            await used.counters.flush();
            counted += unsaved;
            unsaved = 0;
          } else if (step === "kill") {
            unsaved = 0;
            kill(used);
            const dead = used;
            used = buffer(store, file);
            const { away } = store;
            store.away = true;
            await bury(dead);
            store.away = away;
          } else {
            store.away = step === "away";
            store.losesAnswers = step === "lose answers";
          }
        }
        store.away = store.losesAnswers = false;
        await used.counters[Symbol.asyncDispose]();
        counted += unsaved;
        assertEquals(store.files.get("/a") ?? 0, counted);
        assertEquals(store.mirrorDownloads, counted);
        assertEquals(store.named, counted);
      },
    ),
    { numRuns: 60 },
  );
  assert(path);
});

Deno.test("what is not written at the end waits in the journal, and is counted at the next start", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/counters.db`;
  const store = new FakeStore();
  store.away = true;
  const log = new MemoryLog();
  {
    const { counters } = buffer(store, path, log);
    counters.add(one("/a"));
    const part = { time: Date.UTC(2026, 10, 22), path: "/r", mirrorId: 1, size: 1 };
    counters.add(
      recordedAnswers({ ranged: [{ ...part, clientHash: "c0".repeat(32), hash: 1, country: "" }] }),
    );
    await counters[Symbol.asyncDispose]();
  }
  assertEquals(log.lines, [
    `warn: The store is unavailable: 2 downloads wait in "${path}", and are counted after the next start`,
  ]);
  store.away = false;
  const next = buffer(store, path);
  await next.counters[Symbol.asyncDispose]();
  assertEquals(store.files, new Map([["/a", 1], ["/r", 1]]));
  assertEquals(next.log.lines, [`info: Counting 2 downloads that wait in "${path}"`]);
});

Deno.test("a long outage makes neither many batches nor many of one file", async () => {
  await using directory = await tempDir();
  const store = new FakeStore();
  const { counters, log } = buffer(store, `${directory.path}/counters.db`, undefined, 50);
  store.away = true;
  for (let i = 0; i < 1000; i++) {
    counters.add(one(`/${i % 100}`));
    await counters.flush();
  }
  store.away = false;
  await counters[Symbol.asyncDispose]();
  assert(store.sizes.length < 200, `${store.sizes.length} batches`);
  assertEquals(store.mirrorDownloads, 1000);
  assert(store.files.size >= 50);
  assertEquals(log.lines.length, 1);
  assertMatch(log.lines[0]!, /^warn: Too many different files/);
});

Deno.test("several daemons keep journals beside each other", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/counters.db`;
  const store = new FakeStore();
  store.away = true;
  const both = [buffer(store, path), buffer(store, path)];
  for (const [i, { counters }] of both.entries()) {
    counters.add(one(`/${i}`));
    await counters.flush();
  }
  assertEquals(both.map(({ journal }) => journal.path), [
    path,
    `${directory.path}/counters-2.db`,
  ]);
  for (const { counters } of both) await counters[Symbol.asyncDispose]();
  store.away = false;
  for (const { counters } of [buffer(store, path), buffer(store, path)]) {
    await counters[Symbol.asyncDispose]();
  }
  assertEquals(store.files, new Map([["/0", 1], ["/1", 1]]));
});

Deno.test("a journal that cannot be used is told once, and counters wait in memory", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/counters.db`;
  await Deno.writeTextFile(path, "not a database, but something precious".repeat(100));
  const store = new FakeStore();
  store.away = true;
  const { counters, log } = buffer(store, path);
  for (let i = 0; i < 100; i++) {
    counters.add(one("/a"));
    await counters.flush();
  }
  assertEquals(log.lines.length, 2, log.lines.join("\n"));
  assertMatch(log.lines[0]!, /^error: Cannot use the journal "counters\.db" in /);
  assertMatch(log.lines[1]!, /; counters wait in memory only$/);
  store.away = false;
  await counters[Symbol.asyncDispose]();
  assertEquals(store.files.get("/a"), 100);
  assertMatch(await Deno.readTextFile(path), /^not a database/);
});

Deno.test("what an earlier version left in the journal counts by name for its day", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/counters.db`;
  {
    using journal = new SqliteJournal(path);
    journal.replace([], [{
      ...{ id: "x", day: DAY, files: new Map([["/a", 3], ["/b", 1]]), ranged: [] },
      mirrors: new Map([[1, { downloads: 2, bytes: 20 }]]),
    }]);
  }
  const database = new DatabaseSync(path);
  database.exec("UPDATE batch SET content = json_remove(content, '$.hours')");
  database.close();
  using journal = new SqliteJournal(path);
  const [batch] = journal.adopt();
  assertEquals(batch?.hours, new Map([[DAY, new Map([["downloads", 4], ["bytes", 20]])]]));
});
