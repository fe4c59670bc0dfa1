import { assert, assertEquals, assertRejects } from "@std/assert";
import type { SourceFile } from "../../lib/catalog/file.ts";
import { ComparisonMemory } from "../../lib/scan/comparison_memory.ts";
import type { FileTable } from "../../lib/scan/file_table.ts";
import { SourceListing } from "../../lib/scan/source_listing.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import type { Store, StoreChange } from "../../lib/store/store.ts";
import type { SourceDifference } from "../../lib/store/difference.ts";
import { redisOptions } from "../store/redis_helpers.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const hash = "ab".repeat(32);

function fileOf(path: string, size: number, firstSeen?: number): SourceFile {
  const file = { path, size, modTime: size * 1000, sha1: "", sha256: "", md5: "" };
  return firstSeen === undefined ? file : { ...file, firstSeen };
}

function rowsOf(table: FileTable): Record<string, unknown> {
  const rows: [string, unknown][] = [];
  let slot = 0;
  for (const path of table.paths()) {
    rows.push([path, [table.sizeAt(slot), table.modTimeAt(slot), table.sinceAt(slot)]]);
    assertEquals(table.find(path), slot++);
  }
  assertEquals(table.length, slot);
  return Object.fromEntries(rows.sort(([a], [b]) => a < b ? -1 : 1));
}

/** A store, how often its files were read, and which ones were read again. */
function counted(store: Pick<Store, "sourceFiles" | "sourceFilesAt" | "watch">) {
  const counter = {
    reads: 0,
    again: [] as string[],
    sourceFiles: () => {
      counter.reads++;
      return store.sourceFiles();
    },
    sourceFilesAt: (paths: readonly string[]) => {
      counter.again.push(...paths);
      return store.sourceFilesAt(paths);
    },
    watch: store.watch.bind(store),
  };
  return counter;
}

/** Draws differences of a source of 1500 files. */
class Draw {
  #seed = 1;

  below(limit: number): number {
    return (this.#seed = this.#seed * 16807 % 2147483647) % limit;
  }

  difference(round: number): SourceDifference {
    const path = (): string => `/d/${this.below(1500)}`;
    const changed = new Map<string, SourceFile>();
    for (let i = this.below(300); i > 0; i--) {
      const seen = this.below(3) === 0 ? undefined : 1000 + round;
      const file = fileOf(path(), this.below(3), seen);
      changed.set(file.path, this.below(2) === 0 ? file : { ...file, sha256: hash });
    }
    const removed = new Set<string>();
    for (let i = this.below(3) * this.below(100); i > 0; i--) removed.add(path());
    for (const one of changed.keys()) removed.delete(one);
    return { changed: [...changed.values()], removed: [...removed] };
  }
}

Deno.test("SourceListing holds what the embedded store holds, and reads it once", async () => {
  await using stack = new AsyncDisposableStack();
  const { path: directory } = stack.use(await tempDir());
  const store = stack.use(
    await openSqliteStore({
      ...{ path: `${directory}/store.db`, log: new MemoryLog(), now: Date.now },
    }),
  );
  const { signal } = new AbortController();
  const store2 = counted(store);
  const listing = new SourceListing(store2, signal);
  const draw = new Draw();
  for (let round = 0; round < 40; round++) {
    await store.updateSource(draw.difference(round), signal);
    // Nobody asks after each change.
    if (draw.below(3) === 0) continue;
    const fresh = await new SourceListing(store, signal).files();
    assertEquals(rowsOf(await listing.files()), rowsOf(fresh));
  }
  assertEquals([store2.reads, store2.again], [1, []]);
  listing.forget();
  await listing.files();
  assertEquals(store2.reads, 2);
});

Deno.test("SourceListing holds what Redis holds, whichever node writes, and reads it once", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  const { signal } = new AbortController();
  const store2 = counted(store);
  const listing = new SourceListing(store2, signal);
  const told = new Set<string>();
  store.watch((change) => {
    if (change.type === "files") { for (const path of change.paths) told.add(path); }
  }, signal);
  const draw = new Draw();
  const check = async (
    writer: Pick<Store, "updateSource">,
    round: number,
    alone: boolean,
  ): Promise<void> => {
    told.clear();
    const difference = draw.difference(round);
    const before = new Set(Object.keys(rowsOf(await new SourceListing(store, signal).files())));
    await writer.updateSource(difference, signal);
    // Between nodes nobody tells that what was not there is gone. Alone all of it is told, and has to be
    // waited for: what comes during the first reading is read again.
    const expected = [
      ...difference.changed.map(({ path }) => path),
      ...difference.removed.filter((path) => alone || before.has(path)),
    ];
    await waitFor(() => expected.every((path) => told.has(path)), { what: "the changes" });
    if (draw.below(3) === 0) return;
    const fresh = await new SourceListing(store, signal).files();
    assertEquals(rowsOf(await listing.files()), rowsOf(fresh));
  };
  // Alone nothing is read again; a node among others reads what changed, and nothing else.
  for (let round = 0; round < 15; round++) await check(store, round, true);
  assertEquals([store2.reads, store2.again], [1, []]);
  await using other = await openRedisStore(redisOptions(server.port));
  for (let round = 15; round < 40; round++) {
    await check(round % 2 ? store : other, round, false);
  }
  assertEquals(store2.reads, 1);
  assert(store2.again.length > 100 && store2.again.length < 15_000);
});

/** A store whose files are a list, and what tells its watchers. */
function listStore(files: SourceFile[]) {
  const store = {
    files,
    tell: (_: StoreChange): void => {},
    sourceFiles: async function* () {
      yield await Promise.resolve(store.files);
    },
    sourceFilesAt: async function* (paths: readonly string[]) {
      yield await Promise.resolve(store.files.filter(({ path }) => paths.includes(path)));
    },
    watch: (listener: (change: StoreChange) => void) => {
      store.tell = listener;
    },
  };
  return store;
}

Deno.test("SourceListing reads again what nobody told it", async () => {
  const list = listStore([fileOf("/a", 1), fileOf("/b", 2)]);
  const store = counted(list);
  const listing = new SourceListing(store, new AbortController().signal);
  const paths = async (): Promise<string[]> => Object.keys(rowsOf(await listing.files()));
  const table = await listing.files();
  list.tell({ type: "files", paths: ["/a"], now: "same" });
  list.tell({ type: "copies", mirrorId: 1, paths: ["/a"] });
  assert(await listing.files() === table);

  // Some come and some go.
  list.tell({ type: "files", paths: ["/a", "/c"], now: [fileOf("/c", 3)] });
  assertEquals(await paths(), ["/b", "/c"]);
  assertEquals([store.reads, store.again], [1, []]);

  // Nobody says what they are: only they are read.
  list.files = [fileOf("/b", 9), fileOf("/d", 1)];
  list.tell({ type: "files", paths: ["/b", "/d"] });
  list.tell({ type: "files", paths: ["/c"] });
  assertEquals(Object.entries(rowsOf(await listing.files())), [
    ["/b", [9, 9000, 9000]],
    ["/d", [1, 1000, 1000]],
  ]);
  assertEquals([store.reads, store.again.splice(0)], [1, ["/b", "/d", "/c"]]);
  const { changes } = await listing.files();
  list.tell({ type: "files", paths: ["/b"] });
  assertEquals((await listing.files()).changes, changes, "the same is no change");
  list.files = [fileOf("/b", 9, 5), fileOf("/d", 1)];
  list.tell({ type: "files", paths: ["/b"] });
  assertEquals(rowsOf(await listing.files())["/b"], [9, 9000, 5]);

  list.files = [fileOf("/e", 1)];
  for (const change of [{ type: "missed" }, { type: "availability", available: true }] as const) {
    const { reads } = store;
    list.tell(change);
    assertEquals(await paths(), ["/e"]);
    assertEquals(store.reads, reads + 1);
  }
});

Deno.test("SourceListing knows that what it reads may be older than what it is told", async () => {
  const list = listStore([fileOf("/a", 1)]);
  const store = counted(list);
  const listing = new SourceListing(store, new AbortController().signal);
  // All of it is being read.
  const early = listing.files();
  list.files = [fileOf("/b", 1)];
  list.tell({ type: "files", paths: ["/a", "/b"], now: list.files });
  const late = listing.files();
  await early;
  assertEquals(Object.keys(rowsOf(await late)), ["/b"]);
  assertEquals(store.reads, 1);
  // One file is being read again.
  list.files = [fileOf("/b", 2)];
  list.tell({ type: "files", paths: ["/b"] });
  const again = listing.files();
  list.files = [fileOf("/b", 3)];
  list.tell({ type: "files", paths: ["/b"], now: list.files });
  await again;
  assertEquals(rowsOf(await listing.files()), { "/b": [3, 3000, 3000] });
  assertEquals(store.reads, 1);
});

Deno.test("SourceListing that could not be read is read when somebody asks again", async () => {
  const list = listStore([fileOf("/a", 1)]);
  let fails = true;
  const failing = <A extends unknown[]>(read: (...args: A) => AsyncIterable<SourceFile[]>) =>
    async function* (...args: A) {
      if (fails) throw new Error("away");
      yield* read(...args);
    };
  const store = {
    sourceFiles: failing(list.sourceFiles),
    sourceFilesAt: failing(list.sourceFilesAt),
    watch: list.watch,
  };
  const listing = new SourceListing(store, new AbortController().signal);
  const fail = (): Promise<Error> => assertRejects(() => listing.files(), Error, "away");
  await Promise.all([fail(), fail()]);
  fails = false;
  assertEquals(Object.keys(rowsOf(await listing.files())), ["/a"]);
  list.files = [fileOf("/b", 1)];
  list.tell({ type: "files", paths: ["/a", "/b"] });
  fails = true;
  await fail();
  fails = false;
  assertEquals(Object.keys(rowsOf(await listing.files())), ["/b"]);
});

Deno.test("SourceListing begins anew where too much changed", async () => {
  const list = listStore([fileOf("/a", 1)]);
  const store = counted(list);
  const listing = new SourceListing(store, new AbortController().signal);
  await listing.files();
  for (let i = 0; i < 20_000; i += 5000) {
    list.tell({ type: "files", paths: Array.from({ length: 5000 }, (_, j) => `/${i + j}`) });
  }
  await listing.files();
  assertEquals([store.reads, store.again.length], [1, 20_000]);
  list.tell({ type: "files", paths: Array.from({ length: 20_001 }, (_, i) => `/${i}`) });
  await listing.files();
  assertEquals([store.reads, store.again.length], [2, 20_000]);
});

Deno.test("a comparison does not hold for a source that changed", async () => {
  const store = listStore([fileOf("/a", 1)]);
  const listing = new SourceListing(store, new AbortController().signal);
  const memory = new ComparisonMemory();
  const rule = {
    ...{ mirror: { compare: null, paths: [] }, precision: 0 },
    ...{ timeZoneOffset: 0, tolerance: 0 },
  };
  const comparison = { mirrorId: 1, scan: 1, indexed: 1, rule };
  memory.note(await listing.files(), comparison);
  // A hash that came later is no change.
  store.tell({ type: "files", paths: ["/a"], now: [{ ...fileOf("/a", 1), sha256: hash }] });
  assertEquals(memory.has(await listing.files(), comparison), true);
  for (const now of [[fileOf("/a", 2)], [fileOf("/b", 2)]]) {
    store.tell({ type: "files", paths: now.map(({ path }) => path), now });
    assertEquals(memory.has(await listing.files(), comparison), false);
    memory.note(await listing.files(), comparison);
  }
  store.tell({ type: "files", paths: ["/b"], now: [] });
  assertEquals(memory.has(await listing.files(), comparison), false);
});
