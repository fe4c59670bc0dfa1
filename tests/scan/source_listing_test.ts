import { assert, assertEquals } from "@std/assert";
import type { SourceFile } from "../../lib/catalog/file.ts";
import { ComparisonMemory } from "../../lib/scan/comparison_memory.ts";
import type { FileTable } from "../../lib/scan/file_table.ts";
import { SourceListing } from "../../lib/scan/source_listing.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import type { Store, StoreChange } from "../../lib/store/store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

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

/** A store, and how often its files were read. */
function counted(store: Pick<Store, "sourceFiles" | "watch">) {
  const counter = {
    reads: 0,
    sourceFiles: () => {
      counter.reads++;
      return store.sourceFiles();
    },
    watch: store.watch.bind(store),
  };
  return counter;
}

Deno.test("SourceListing holds what the store holds, and reads it once", async () => {
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
  let seed = 1;
  const random = (below: number): number => (seed = seed * 16807 % 2147483647) % below;
  const path = (): string => `/d/${random(1500)}`;
  for (let round = 0; round < 40; round++) {
    const changed = new Map<string, SourceFile>();
    for (let i = random(300); i > 0; i--) {
      const file = fileOf(path(), random(3), random(3) === 0 ? undefined : 1000 + round);
      changed.set(file.path, random(2) === 0 ? file : { ...file, sha256: hash });
    }
    const removed = new Set<string>();
    for (let i = random(3) * random(100); i > 0; i--) removed.add(path());
    for (const one of changed.keys()) removed.delete(one);
    await store.updateSource({ changed: [...changed.values()], removed: [...removed] }, signal);
    // Nobody asks after each change.
    if (random(3) === 0) continue;
    const fresh = await new SourceListing(store, signal).files();
    assertEquals(rowsOf(await listing.files()), rowsOf(fresh));
  }
  assertEquals(store2.reads, 1);
  listing.forget();
  await listing.files();
  assertEquals(store2.reads, 2);
});

Deno.test("SourceListing reads again what nobody told it", async () => {
  let tell: (change: StoreChange) => void = () => {};
  let files = [fileOf("/a", 1), fileOf("/b", 2)];
  const store = counted({
    sourceFiles: async function* () {
      yield await Promise.resolve(files);
    },
    watch: (listener) => {
      tell = listener;
    },
  });
  const listing = new SourceListing(store, new AbortController().signal);
  const table = await listing.files();
  tell({ type: "files", paths: ["/a"], now: "same" });
  tell({ type: "copies", mirrorId: 1, paths: ["/a"] });
  assert(await listing.files() === table);
  assertEquals(store.reads, 1);

  // Some come and some go.
  tell({ type: "files", paths: ["/a", "/c"], now: [fileOf("/c", 3)] });
  assertEquals(Object.keys(rowsOf(await listing.files())), ["/b", "/c"]);
  assertEquals(store.reads, 1);

  files = [fileOf("/d", 1)];
  for (
    const change of [
      { type: "files", paths: ["/d"] },
      { type: "missed" },
      { type: "availability", available: true },
    ] as const
  ) {
    const { reads } = store;
    tell(change);
    assertEquals(Object.keys(rowsOf(await listing.files())), ["/d"]);
    assertEquals(store.reads, reads + 1);
  }

  // While it is read, a page may be older than the change.
  listing.forget();
  const early = listing.files();
  files = [fileOf("/e", 1)];
  tell({ type: "files", paths: ["/e"], now: files });
  await early;
  assertEquals(Object.keys(rowsOf(await listing.files())), ["/e"]);
});

Deno.test("a comparison does not hold for a source that changed", async () => {
  let tell: (change: StoreChange) => void = () => {};
  const store = {
    sourceFiles: async function* () {
      yield await Promise.resolve([fileOf("/a", 1)]);
    },
    watch: (listener: typeof tell) => {
      tell = listener;
    },
  };
  const listing = new SourceListing(store, new AbortController().signal);
  const memory = new ComparisonMemory();
  const rule = {
    ...{ mirror: { compare: null, paths: [] }, precision: 0 },
    ...{ timeZoneOffset: 0, tolerance: 0 },
  };
  const comparison = { mirrorId: 1, scan: 1, indexed: 1, rule };
  memory.note(await listing.files(), comparison);
  // A hash that came later is no change.
  tell({ type: "files", paths: ["/a"], now: [{ ...fileOf("/a", 1), sha256: hash }] });
  assertEquals(memory.has(await listing.files(), comparison), true);
  for (const now of [[fileOf("/a", 2)], [fileOf("/b", 2)]]) {
    tell({ type: "files", paths: now.map(({ path }) => path), now });
    assertEquals(memory.has(await listing.files(), comparison), false);
    memory.note(await listing.files(), comparison);
  }
  tell({ type: "files", paths: ["/b"], now: [] });
  assertEquals(memory.has(await listing.files(), comparison), false);
});
