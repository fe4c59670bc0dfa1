import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { RangedDownload } from "../../lib/stats/recorder.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { clientHash as clientHashOf } from "../../lib/stats/client_hash.ts";
import { CounterBuffer } from "../../lib/stats/counter_buffer.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";
import type { DownloadBatch } from "../../lib/store/download_counts.ts";

const DAY = "2026-11-22";
const TIME = Date.UTC(2026, 10, 22, 12);

/** A store that adds up, can be away, and remembers clients for ever. */
class FakeStore {
  readonly files = new Map<string, number>();
  readonly mirrors = new Map<string, number>();
  readonly remembered = new Set<string>();
  /** IDs of batches that were written and not forgotten. */
  readonly ids = new Set<string>();
  failure: Error | null = null;
  /** Whether answers are lost on their way: then what was done fails all the same. */
  losesAnswers = false;
  writes = 0;

  async addDownloads(batch: DownloadBatch, id: string): Promise<void> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
    if (!this.ids.has(id)) this.#write(batch);
    this.ids.add(id);
    if (this.losesAnswers) throw new StoreUnavailableError("No answer");
  }

  forgetDownloads(id: string): Promise<void> {
    this.ids.delete(id);
    return Promise.resolve();
  }

  #write(batch: DownloadBatch): void {
    this.writes++;
    for (const { clientHash, path, mirrorId, size, seconds } of batch.ranged ?? []) {
      const key = `${clientHash} ${path} ${seconds}`;
      if (this.remembered.has(key)) continue;
      this.remembered.add(key);
      add(this.files, `${batch.day} ${path}`, 1);
      if (mirrorId === null) continue;
      add(this.mirrors, `${batch.day} ${mirrorId} downloads`, 1);
      add(this.mirrors, `${batch.day} ${mirrorId} bytes`, size);
    }
    for (const [path, downloads] of batch.files) add(this.files, `${batch.day} ${path}`, downloads);
    for (const [id, { downloads, bytes }] of batch.mirrors) {
      add(this.mirrors, `${batch.day} ${id} downloads`, downloads);
      add(this.mirrors, `${batch.day} ${id} bytes`, bytes);
    }
  }
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

function batch(files: Record<string, number>, day = DAY): DownloadBatch {
  const downloads = Object.values(files).reduce((sum, count) => sum + count, 0);
  return {
    day,
    files: new Map(Object.entries(files)),
    mirrors: new Map([[1, { downloads, bytes: downloads * 10 }]]),
  };
}

function part(changes: Partial<RangedDownload> = {}): RangedDownload {
  const clientHash = clientHashOf("192.0.2.1", "curl");
  return {
    time: TIME,
    path: "/f",
    mirrorId: 1,
    size: 10,
    clientHash,
    hash: 1,
    country: "",
    ...changes,
  };
}

function buffer(
  store: FakeStore,
  options: { log?: MemoryLog; limit?: number; seconds?: number; clock?: FakeClock } = {},
) {
  const { log = new MemoryLog(), limit = 1000, seconds = 600, clock = new FakeClock() } = options;
  return new CounterBuffer({ store, log, clock, sameDownloadInterval: () => seconds, limit });
}

Deno.test("CounterBuffer writes what it gets, by itself", async () => {
  const store = new FakeStore();
  const clock = new FakeClock();
  await using counters = buffer(store, { clock });
  counters.add(
    recordedAnswers({ batches: [batch({ "/a": 2 }), batch({ "/a": 1 }, "2026-11-21")] }),
  );
  counters.add(recordedAnswers({ batches: [batch({ "/a": 1, "/b": 1 })] }));
  await clock.advance(499);
  assertEquals([store.writes, counters.empty], [0, false]);
  await clock.advance(1);
  assert(counters.empty);
  assertEquals(store.files, new Map([[`2026-11-21 /a`, 1], [`${DAY} /a`, 3], [`${DAY} /b`, 1]]));
  assertEquals(store.mirrors.get(`${DAY} 1 bytes`), 40);
  assertEquals(store.writes, 2);
});

Deno.test("CounterBuffer counts on while the store is away, and writes everything once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          path: fc.constantFrom("/a", "/b", "/c"),
          day: fc.constantFrom(DAY, "2026-11-23"),
          away: fc.boolean(),
          flush: fc.boolean(),
        }),
        { maxLength: 20 },
      ),
      async (steps) => {
        const store = new FakeStore();
        const log = new MemoryLog();
        const expected = new Map<string, number>();
        {
          await using counters = buffer(store, { log });
          for (const { path, day, away, flush } of steps) {
            store.failure = away ? new StoreUnavailableError("Away") : null;
            counters.add(recordedAnswers({ batches: [batch({ [path]: 1 }, day)] }));
            add(expected, `${day} ${path}`, 1);
            if (flush) await counters.flush();
          }
          store.failure = null;
        }
        assertEquals([...store.files].sort(), [...expected].sort());
        assertEquals(log.lines, []);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("CounterBuffer counts a download in ranges once, for each client and file", async () => {
  const store = new FakeStore();
  const counters = buffer(store);
  const parts = [
    part(),
    part({ time: TIME + 1 }),
    part({ clientHash: clientHashOf("192.0.2.2", "curl") }),
    part({ path: "/g" }),
  ];
  counters.add(recordedAnswers({ ranged: parts }));
  await counters.flush();
  counters.add(recordedAnswers({ ranged: [part({ time: TIME + 2 })] }));
  await counters[Symbol.asyncDispose]();
  assertEquals(store.files, new Map([[`${DAY} /f`, 2], [`${DAY} /g`, 1]]));
  assert(store.remembered.has(`${clientHashOf("192.0.2.1", "curl")} /f 600`));
});

Deno.test("CounterBuffer keeps downloads in ranges while the store is away", async () => {
  const store = new FakeStore();
  const counters = buffer(store);
  store.failure = new StoreUnavailableError("Away");
  counters.add(recordedAnswers({ ranged: [part(), part({ time: TIME + 1000 })] }));
  await counters.flush();
  counters.add(recordedAnswers({
    ranged: [part({ time: TIME + 599_999 }), part({ time: TIME + 700_000 })],
  }));
  await counters.flush();
  store.failure = null;
  await counters[Symbol.asyncDispose]();
  assertEquals(store.files, new Map([[`${DAY} /f`, 2]]));
});

Deno.test("CounterBuffer counts every part without SameDownloadInterval", async () => {
  const store = new FakeStore();
  await using counters = buffer(store, { seconds: 0 });
  counters.add(recordedAnswers({ ranged: [part(), part({ mirrorId: null })] }));
  await counters.flush();
  assertEquals(store.files, new Map([[`${DAY} /f`, 2]]));
  assertEquals(store.mirrors.get(`${DAY} 1 downloads`), 1);
});

Deno.test("CounterBuffer is bounded: further files count for their mirrors only", async () => {
  const store = new FakeStore();
  const log = new MemoryLog();
  await using counters = buffer(store, { log, limit: 2 });
  store.failure = new StoreUnavailableError("Away");
  counters.add(recordedAnswers({ batches: [batch({ "/a": 1, "/b": 1, "/c": 1 })] }));
  counters.add(recordedAnswers({ batches: [batch({ "/a": 1, "/d": 1 })] }));
  store.failure = null;
  await counters.flush();
  assertEquals(store.files, new Map([[`${DAY} /a`, 2], [`${DAY} /b`, 1]]));
  assertEquals(store.mirrors.get(`${DAY} 1 downloads`), 5);
  assertEquals(log.lines.length, 1);
});

Deno.test("CounterBuffer writes many files in several writes", async () => {
  const store = new FakeStore();
  await using counters = buffer(store, { limit: 20_000 });
  const many = Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`/${index}`, 1]));
  counters.add(recordedAnswers({ batches: [batch(many)] }));
  await counters.flush();
  assertEquals([store.files.size, store.writes], [12_000, 12]);
  assertEquals(store.mirrors.get(`${DAY} 1 downloads`), 12_000);
});

Deno.test("CounterBuffer says once what fails, and what is lost at the end", async () => {
  const store = new FakeStore();
  const log = new MemoryLog();
  const counters = buffer(store, { log });
  store.failure = new Error("Disk full");
  counters.add(recordedAnswers({ batches: [batch({ "/a": 2 })], ranged: [part()] }));
  await counters.flush();
  await counters.flush();
  await counters[Symbol.asyncDispose]();
  assertEquals(log.lines.length, 2);
  assertStringIncludes(log.lines[0]!, "Disk full");
  assertStringIncludes(log.lines[1]!, "3 downloads are lost");
});

Deno.test("CounterBuffer counts once whatever answers are lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          path: fc.constantFrom("/a", "/b"),
          store: fc.constantFrom("there", "away", "loses answers"),
          ranged: fc.boolean(),
          flush: fc.boolean(),
        }),
        { maxLength: 20 },
      ),
      async (steps) => {
        const store = new FakeStore();
        const expected = new Map<string, number>();
        const clients = new Set<string>();
        {
          await using counters = buffer(store);
          for (const { path, store: state, ranged, flush } of steps) {
            store.failure = state === "away" ? new StoreUnavailableError("Away") : null;
            store.losesAnswers = state === "loses answers";
            if (ranged) counters.add(recordedAnswers({ ranged: [part({ path })] }));
            else counters.add(recordedAnswers({ batches: [batch({ [path]: 1 })] }));
            if (!ranged || !clients.has(path)) add(expected, `${DAY} ${path}`, 1);
            if (ranged) clients.add(path);
            if (flush) await counters.flush();
          }
          store.failure = null;
          store.losesAnswers = false;
        }
        assertEquals([...store.files].sort(), [...expected].sort());
        assertEquals(store.ids, new Set());
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("CounterBuffer waits longer after many paths, and tries again while the store is away", async () => {
  const store = new FakeStore();
  const clock = new FakeClock();
  await using counters = buffer(store, { clock, limit: 20_000 });
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`/${index}`, 1]));
  counters.add(recordedAnswers({ batches: [batch(many)] }));
  await clock.advance(500);
  assertEquals([store.writes, clock.waiting], [2, 0]);
  counters.add(recordedAnswers({ batches: [batch({ "/a": 1 })] }));
  await clock.advance(999);
  assertEquals(store.writes, 2);
  await clock.advance(1);
  assertEquals(store.writes, 3);
  store.failure = new StoreUnavailableError("Away");
  counters.add(recordedAnswers({ batches: [batch({ "/a": 1 })] }));
  await clock.advance(60_000);
  assertEquals([store.writes, clock.waiting], [3, 1]);
  store.failure = null;
  await clock.advance(500);
  assertEquals([store.files.get(`${DAY} /a`), clock.waiting], [2, 0]);
});

Deno.test("CounterBuffer counts no ranges of a download that was asked for whole", async () => {
  const store = new FakeStore();
  const clock = new FakeClock();
  await using counters = buffer(store, { clock });
  const opened = Float64Array.of(1);
  counters.add(recordedAnswers({ batches: [batch({ "/f": 1 })], opened, ranged: [part()] }));
  counters.add(recordedAnswers({ ranged: [part(), part({ hash: 2, path: "/g" })] }));
  await clock.advance(599_999);
  counters.add(recordedAnswers({ ranged: [part({ clientHash: clientHashOf(null, "whoever") })] }));
  await counters.flush();
  assertEquals([store.files.get(`${DAY} /f`), store.files.get(`${DAY} /g`)], [1, 1]);
  // No key is written for it either.
  assertEquals([...store.remembered].map((key) => key.split(" ")[1]), ["/g"]);
  await clock.advance(1);
  counters.add(recordedAnswers({ ranged: [part()] }));
  await counters.flush();
  assertEquals(store.files.get(`${DAY} /f`), 2);
});

Deno.test("CounterBuffer does not look for downloads before without SameDownloadInterval", async () => {
  const store = new FakeStore();
  await using counters = buffer(store, { seconds: 0 });
  counters.add(recordedAnswers({ opened: Float64Array.of(1), ranged: [part()] }));
  await counters.flush();
  assertEquals(store.files.get(`${DAY} /f`), 1);
});

Deno.test("CounterBuffer tells clients and files of downloads in ranges apart whatever they are called", async () => {
  const store = new FakeStore();
  await using counters = buffer(store);
  const ranged = [
    part({ path: "/f", clientHash: "1a".repeat(32) }),
    part({ path: "/f", clientHash: "a1".repeat(32) }),
    part({ path: "/f1", clientHash: "1a".repeat(32) }),
    part({ path: "/f1a", clientHash: "00".repeat(32) }),
  ];
  counters.add(recordedAnswers({ ranged }));
  await counters.flush();
  const counted = ["/f", "/f1", "/f1a"].map((path) => store.files.get(`${DAY} ${path}`));
  assertEquals(counted, [2, 1, 1]);
});

Deno.test("CounterBuffer drops parts of downloads beyond its limit, and says how many", async () => {
  const store = new FakeStore();
  const log = new MemoryLog();
  const clock = new FakeClock();
  await using counters = buffer(store, { log, clock, limit: 10 });
  const ranged = Array.from(
    { length: 1000 },
    (_, index) => part({ clientHash: clientHashOf(null, `${index}`) }),
  );
  counters.add(recordedAnswers({ ranged, dropped: { parts: 5, lines: 7, files: 9 } }));
  await counters.flush();
  assertEquals(store.files.get(`${DAY} /f`), 10);
  assertEquals(log.lines, [
    "warn: Too much to record at once: 9 downloads were counted for their mirrors only, 5 ranged requests were not counted, 7 lines of the download log were dropped",
  ]);
  await clock.advance(10_000);
  assertEquals(
    log.lines[1],
    "warn: Too much to record at once: 990 ranged requests were not counted",
  );
});

Deno.test("CounterBuffer writes all parts that there were, and leaves those that come meanwhile", async () => {
  const store = new FakeStore();
  await using counters = buffer(store, { limit: 5000 });
  const parts = (from: number, count: number) =>
    Array.from(
      { length: count },
      (_, index) => part({ clientHash: clientHashOf(null, `${from + index}`) }),
    );
  counters.add(recordedAnswers({ ranged: parts(0, 1500) }));
  const write = store.addDownloads.bind(store);
  let came = 0;
  store.addDownloads = async (...args) => {
    // However many come: a write that went on with them would hardly end.
    if (came < 100) counters.add(recordedAnswers({ ranged: parts(1500 + came++, 1) }));
    await write(...args);
  };
  await counters.flush();
  assertEquals([store.files.get(`${DAY} /f`), counters.waiting, came], [1500, 8, 8]);
  store.addDownloads = write;
  await counters.flush();
  assertEquals([store.files.get(`${DAY} /f`), counters.waiting], [1508, 0]);
});

Deno.test("CounterBuffer lets others have their turn in the middle of a long write", async () => {
  const store = new FakeStore();
  const clock = new FakeClock();
  const write = store.addDownloads.bind(store);
  store.addDownloads = async (...args) => {
    clock.tick(10);
    await write(...args);
  };
  await using counters = buffer(store, { clock });
  const ranged = Array.from(
    { length: 1000 },
    (_, index) => part({ clientHash: clientHashOf(null, `${index}`) }),
  );
  counters.add(recordedAnswers({ ranged }));
  const flushed = counters.flush();
  for (let writes = 1; writes <= 5; writes++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(store.writes, writes);
    clock.tick(0);
  }
  await flushed;
  assertEquals(store.files.get(`${DAY} /f`), 1000);
});

Deno.test("CounterBuffer takes parts for one download also when the clock was set back meanwhile", async () => {
  const store = new FakeStore();
  store.failure = new StoreUnavailableError("Away");
  const counters = buffer(store);
  const day = 86_400_000;
  counters.add(recordedAnswers({ ranged: [part(), part({ time: TIME - 1000 })] }));
  counters.add(recordedAnswers({ ranged: [part({ time: TIME - day })] }));
  store.failure = null;
  await counters[Symbol.asyncDispose]();
  assertEquals(store.files, new Map([[`${DAY} /f`, 1], ["2026-11-21 /f", 1]]));
});
