import { assert, assertEquals, assertRejects } from "@std/assert";
import { areOf } from "../../lib/catalog/piece_hashes.ts";
import { hashBacklog } from "../../lib/scan/piece_backlog.ts";
import { scanSource } from "../../lib/scan/source_scan.ts";
import { FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

const TIME = 1_700_000_000_000;
const WHOLE = { sha1: false, sha256: true, md5: false };
const PIECES = { ...WHOLE, pieces: { minSize: 1000, hybrid: false } };

/** A repository with files of 300 000 bytes, the first the oldest, and a small one. */
async function repository(count: number) {
  const directory = await tempDir();
  const write = (path: string, bytes: Uint8Array, time: number): void => {
    Deno.writeFileSync(directory.path + path, bytes);
    Deno.utimeSync(directory.path + path, new Date(time), new Date(time));
  };
  for (let i = 0; i < count; i++) write(`/${i}`, new Uint8Array(300_000).fill(i), TIME + i * 1000);
  write("/small", new Uint8Array(999), TIME);
  const store = new FakeStore();
  const log = new MemoryLog();
  const signal = new AbortController().signal;
  const common = { store, repository: directory.path, log, signal };
  const scan = (hashes: Parameters<typeof hashBacklog>[0]["hashes"]) =>
    scanSource({ ...common, hashes, now: () => performance.now() });
  return { directory, store, log, common, scan, write };
}

Deno.test("a source scan hashes the pieces of new files in the one read", async () => {
  const { directory, store, scan, common } = await repository(2);
  await using _directory = directory;
  await scan(PIECES);
  assertEquals([...store.pieces.keys()].sort(), ["/0", "/1"]);
  for (const [path, pieces] of store.pieces) {
    assert(areOf(pieces, store.source.get(path)!));
    assertEquals([pieces.sha1.length, pieces.root], [40, null]);
  }
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
});

Deno.test("hashBacklog() hashes what is missing, newest first, and goes on where it was", async () => {
  const { directory, store, scan, common } = await repository(4);
  await using _directory = directory;
  await scan(WHOLE);
  assertEquals(store.pieces.size, 0);
  const stop = new AbortController();
  let turns = 0;
  const turn = (): Promise<void> => {
    if (++turns === 3) stop.abort(new Error("enough"));
    return Promise.resolve();
  };
  const signal = stop.signal;
  await assertRejects(
    () => hashBacklog({ ...common, hashes: PIECES, signal, turn }),
    Error,
    "enough",
  );
  assertEquals([...store.pieces.keys()], ["/3", "/2"]);
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 2);
  assertEquals([...store.pieces.keys()], ["/3", "/2", "/1", "/0"]);
  const hybrid = { ...WHOLE, pieces: { minSize: 1000, hybrid: true } };
  assertEquals(await hashBacklog({ ...common, hashes: hybrid }), 4);
  assertEquals(store.pieces.get("/0")?.root?.length, 32);
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
});

Deno.test("hashBacklog() leaves what cannot be read, and removes what is gone", async () => {
  const { directory, store, log, scan, common } = await repository(3);
  await using _directory = directory;
  await scan(PIECES);
  store.source.delete("/0");
  store.pieces.delete("/1");
  store.pieces.delete("/2");
  await Deno.remove(`${directory.path}/1`);
  await Deno.remove(`${directory.path}/2`);
  await Deno.mkdir(`${directory.path}/2`);
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
  assertEquals([...store.pieces.keys()], []);
  assert(log.lines.some((line) => JSON.stringify(line).includes("Cannot hash the pieces")));
});

Deno.test("hashBacklog() removes nothing while a scan stores pieces before their files", async () => {
  const { directory, store, scan, common } = await repository(1);
  await using _directory = directory;
  await scan(PIECES);
  // As a scan on another node has it that is not through.
  store.pieces.set("/new", { ...store.pieces.get("/0")!, path: "/new" });
  {
    await using _scan = await store.lock("source");
    assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
    assertEquals([...store.pieces.keys()].sort(), ["/0", "/new"]);
  }
  // One that wrote its files after they were read.
  const sourceFiles = store.sourceFiles.bind(store);
  store.sourceFiles = async function* () {
    yield* sourceFiles();
    store.source.set("/new", { ...store.source.get("/0")!, path: "/new" });
  };
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
  assertEquals([...store.pieces.keys()].sort(), ["/0", "/new"]);
  store.sourceFiles = sourceFiles;
  store.source.delete("/new");
  assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 0);
  assertEquals([...store.pieces.keys()], ["/0"]);
});

Deno.test("pieces of a file that changed since its scan are not those of the index", async () => {
  const { directory, store, scan, common, write } = await repository(1);
  await using _directory = directory;
  await scan(WHOLE);
  const file = store.source.get("/0")!;
  // Other contents of the same size and time, and of another time.
  for (const time of [TIME, TIME + 5000]) {
    store.pieces.clear();
    write("/0", new Uint8Array(300_000).fill(99), time);
    assertEquals(await hashBacklog({ ...common, hashes: PIECES }), 1);
    assertEquals(areOf(store.pieces.get("/0")!, file), false);
    await scan({ ...WHOLE, pieces: null });
    assertEquals(areOf(store.pieces.get("/0")!, store.source.get("/0")!), time !== TIME);
  }
});
