import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { PieceRecord } from "../../../lib/catalog/zsync_sums.ts";
import type { Store } from "../../../lib/store/store.ts";
import type { StoreTransfer, TransferPart } from "../../../lib/store/transfer/transfer.ts";
import { copyStore } from "../../../lib/store/transfer/copy_store.ts";
import { newKey } from "../../../lib/daemon/random_bytes.ts";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import { openRedisTransfer } from "../../../lib/store/redis/redis_transfer.ts";
import { openSqliteStore } from "../../../lib/store/sqlite/open_sqlite_store.ts";
import { openSqliteTransfer } from "../../../lib/store/sqlite/sqlite_transfer.ts";
import {
  addCopies,
  addFiles,
  allCopies,
  allSourceFiles,
  listed,
  ODD_PATHS,
  sampleFile,
  sampleMirror,
  TIME,
} from "../../store_contract/samples.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { OtherProgram, redisOptions } from "../redis_helpers.ts";

const HASH = "7a3375a7cc1ad9241577d768dc07b220b767f5e7115a5f740187a49dad636447";

/** Hashes of pieces, and sums for zsync of more than one part. */
function pieceRecord(path: string, zsync: boolean): PieceRecord {
  const size = 2048 * 14_000;
  const sums = Uint8Array.from({ length: 20 * 14_000 }, (_, i) => (i * 31 >> 3) & 255);
  return {
    ...{ path, size, modTime: TIME, sha256: HASH, length: 262_144 },
    sha1: Uint8Array.from({ length: 20 * 110 }, (_, i) => i & 255),
    ...{ root: null, layer: null },
    zsync: zsync ? { block: 2048, sha1: "cd".repeat(20), sums } : null,
  };
}

/** What a store has for zsync of a path, sums and all. */
async function zsyncOf(store: Store, path: string): Promise<unknown> {
  const head = await store.zsyncHead(path);
  if (head === null) return null;
  return [head, await store.zsyncPart(head, 0), await store.zsyncPart(head, 1)];
}

/** Puts something of every kind into a store; a mirror in the middle and the last one are removed. */
async function fill(store: Store): Promise<void> {
  const ids: number[] = [];
  for (const name of ["one", "gone", "two", "never scanned", "gone too"]) {
    ids.push(await store.addMirror(sampleMirror(name, { countryCodes: ["DE", "FR"], score: -3 })));
  }
  const [one, gone, two, , goneToo] = ids as [number, number, number, number, number];
  await addFiles(
    store,
    ...ODD_PATHS.map((path, i) => sampleFile(path, { size: i, sha256: HASH, modTime: TIME })),
    sampleFile("/unknown time", { modTime: null }),
  );
  const many = Array.from({ length: 3000 }, (_, i) => listed(`/only there/${i}`, i));
  await addCopies(store, one, ...ODD_PATHS.map((path) => listed(path)), listed("/x", 1, null));
  await addCopies(store, two, ...many);
  await store.updateMirrorState(one, {
    httpUp: true,
    httpDownReason: "",
    stateSince: 1_700_000_000_000,
    lastSync: 1_700_000_001_000,
    lastSuccessfulSync: 1_700_000_002_000,
    lastSuccessfulSyncProtocol: "ftp",
    lastSuccessfulSyncPrecision: 1000,
    lastModTime: 1_700_000_003_000,
    timeZoneOffset: 3_600_000,
  });
  await store.updateMirrorState(two, { httpsDownReason: "Unreachable" });
  for (const type of ["added", "enabled", "disabled"] as const) {
    await store.addEvent({ type, mirrorId: one, time: TIME });
  }
  await store.addEvent({ type: "error", mirrorId: two, time: TIME + 1, message: 'a "message"\n' });
  for (const [i, day] of ["2025-12-31", "2026-01-01", "2026-11-22"].entries()) {
    await store.addDownloads({
      day,
      files: new Map([["/a", i + 1], ["/never indexed", 5]]),
      mirrors: new Map([one, gone, 4711].map((id) => [id, { downloads: i + 2, bytes: 1e13 }])),
      hours: new Map([[
        `${day}T23`,
        new Map([["downloads", 6], ["bytes", 1e13], ["country:", 3]]),
      ]]),
      ranged: [{ clientHash: HASH, path: "/a b", mirrorId: one, size: 7, seconds: 3000 }],
    });
  }
  await store.messages.change({
    put: [1, 2].map((number) => ({
      ...{ id: `id-${number}`, receiver: "r", node: "n-1", content: "☠ {}", time: TIME + number },
      ...{ attempts: number, due: number === 1 ? null : TIME },
    })),
    told: new Map([["r down 1", '{"since":1}'], ["r enabled 2", "1"]]),
  });
  await store.notes.change("gone", { put: new Map([["/left", "[1]"], ["/too", "[2]"]]) });
  await store.notes.salt("0123456789abcdef");
  const [plain, large] = [ODD_PATHS[0]!, ODD_PATHS[1]!];
  await store.putPieces(pieceRecord(plain, false));
  await store.putPieces(pieceRecord(large, true));
  for (const replaced of [TIME, TIME + 1]) {
    const hashes = { sha1: "", sha256: HASH, md5: "" };
    const version = { replaced, size: 9, modTime: null, ...hashes };
    await store.addRevision("/r/repomd.xml", version, 0);
  }
  await store.removeMirror(gone);
  await store.removeMirror(goneToo);
}

/** Everything that the port shows of a store. */
async function content(store: Store): Promise<unknown> {
  const mirrors = await store.mirrors();
  const periods = ["", "2025", "2026", "2025-12", "2026-01", "2026-11", "2026-11-22", "2026-01-01"];
  const sorted = <T>(map: ReadonlyMap<number, T>): unknown => [...map].sort(([a], [b]) => a - b);
  return {
    mirrors,
    notes: [...await store.notes.all("gone")].sort(),
    salt: await store.notes.salt("another"),
    pieces: await Promise.all(ODD_PATHS.slice(0, 2).map((path) => store.pieceHashes(path))),
    zsync: await zsyncOf(store, ODD_PATHS[1]!),
    revisions: await store.revisions("/r/repomd.xml"),
    files: await allSourceFiles(store),
    copies: await Promise.all(mirrors.map(({ id }) => allCopies(store, id))),
    looked: await Promise.all(ODD_PATHS.map((path) => store.lookup(path))),
    events: await Promise.all(mirrors.map(({ id }) => store.events(id, 100))),
    shared: await Promise.all(mirrors.map(({ id }) => store.sharedFiles(id, 100, () => 0)))
      .then((all) => all.map((files) => files.map(({ file }) => file.path).sort())),
    messages: await store.messages.waiting(),
    told: [...await store.messages.told()].sort(),
    downloads: await Promise.all(
      ["/a", "/a b", "/never indexed", "/none"].map((path) => store.fileDownloads(path, periods)),
    ),
    named: await Promise.all(
      ["2026-11-22", "2026-11-22T23", "2025-12-31"].map(async (time) =>
        [...await store.seriesSums([time])].sort()
      ),
    ),
    byMirror: await Promise.all(
      periods.map(async (period) => sorted(await store.mirrorDownloads([period]))),
    ),
  };
}

/** A Redis and a directory, with ways to open the stores in them. */
async function places(): Promise<
  AsyncDisposable & {
    redis: () => Promise<StoreTransfer>;
    sqlite: (name: string) => Promise<StoreTransfer>;
    redisStore: () => Promise<Store>;
    sqliteStore: (name: string) => Promise<Store>;
    other: () => OtherProgram;
  }
> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await RedisServer.start("--appendonly", "no"));
  const directory = stack.use(await tempDir()).path;
  const path = (name: string): string => `${directory}/${name}.db`;
  const resources = stack.move();
  return {
    redis: () => openRedisTransfer(redisOptions(server.port)),
    sqlite: (name) => openSqliteTransfer({ path: path(name), log: new MemoryLog(), newKey }),
    redisStore: () => openRedisStore(redisOptions(server.port)),
    sqliteStore: (name) =>
      openSqliteStore({ path: path(name), log: new MemoryLog(), now: Date.now, newKey }),
    other: () => new OtherProgram(server.port),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

Deno.test("copyStore() moves everything from the embedded store to Redis and back", async () => {
  await using place = await places();
  let before: unknown;
  {
    await using store = await place.sqliteStore("first");
    await fill(store);
    before = await content(store);
  }
  const phases = new Set<string>();
  {
    await using from = await place.sqlite("first");
    await using to = await place.redis();
    const copied = await copyStore({ from, to, onProgress: (phase) => phases.add(phase) });
    assertEquals([copied.mirrors, copied.lastId, copied.files], [3, 5, ODD_PATHS.length + 1]);
    assertEquals([copied.copies, copied.events], [ODD_PATHS.length + 1 + 3000, 4]);
    assertEquals(copied.total, 6 + 15 + 1);
    assertEquals(copied.messages, 4);
  }
  assertEquals([...phases], ["copying", "checking"]);
  {
    await using store = await place.redisStore();
    assertEquals(await content(store), before);
  }
  {
    await using from = await place.redis();
    await using to = await place.sqlite("second");
    await copyStore({ from, to });
  }
  await using store = await place.sqliteStore("second");
  assertEquals(await content(store), before);
  // What is remembered went along, and so did the last ID.
  await store.addDownloads({
    day: "2026-11-22",
    files: new Map(),
    mirrors: new Map(),
    ranged: [{ clientHash: HASH, path: "/a b", mirrorId: 1, size: 7, seconds: 3000 }],
  });
  assertEquals(await content(store), before);
  assertEquals(await store.addMirror(sampleMirror("next")), 6);
});

Deno.test("copyStore() gives Redis the keys that it had, whoever wrote them", async () => {
  await using place = await places();
  {
    await using store = await place.redisStore();
    await fill(store);
  }
  await using other = place.other();
  const before = await other.dump();
  {
    await using from = await place.redis();
    await using to = await place.sqlite("embedded");
    await copyStore({ from, to });
  }
  await other.redis.flushall();
  {
    await using from = await place.sqlite("embedded");
    await using to = await place.redis();
    await copyStore({ from, to });
  }
  assertEquals(await other.dump(), before);
});

Deno.test("copyStore() refuses a target that is not empty, and leaves it alone", async () => {
  await using place = await places();
  {
    await using store = await place.redisStore();
    await store.addMirror(sampleMirror("m"));
  }
  {
    await using store = await place.sqliteStore("full");
    await addFiles(store, sampleFile("/a"));
  }
  await using redis = await place.redis();
  await using sqlite = await place.sqlite("full");
  for (const [from, to] of [[redis, sqlite], [sqlite, redis]] as const) {
    const error = await assertRejects(() => copyStore({ from, to }), Error);
    assertMatch(error.message, /^The target is not empty: (Redis|SQLite) at .*; empty it, or name/);
  }
  await using empty = await place.sqlite("empty");
  assertEquals(await empty.isEmpty(), true);
});

Deno.test("copyStore() says so when the numbers differ at the end", async () => {
  await using place = await places();
  await using sqlite = await place.sqlite("target");
  const leaky: StoreTransfer = {
    description: "leaky",
    isEmpty: () => Promise.resolve(true),
    export: async function* (): AsyncGenerator<TransferPart> {
      yield { type: "source", files: [sampleFile("/a"), sampleFile("/a")] };
    },
    import: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await assertRejects(
    () => copyStore({ from: leaky, to: sqlite }),
    Error,
    "The copy differs (files 2 there, 1 here)",
  );
});

Deno.test("copyStore() stops when it is told to", async () => {
  await using place = await places();
  {
    await using store = await place.sqliteStore("from");
    await fill(store);
  }
  await using from = await place.sqlite("from");
  await using to = await place.redis();
  const controller = new AbortController();
  const onProgress = (): void => controller.abort(new Error("Enough"));
  await assertRejects(
    () => copyStore({ from, to, signal: controller.signal, onProgress }),
    Error,
    "Enough",
  );
});

Deno.test("copyStore() names counters in Redis that are none, and copies the others", async () => {
  await using server = await RedisServer.start("--appendonly", "no");
  await using place = await tempDir();
  await using store = await openRedisStore(redisOptions(server.port));
  await store.addDownloads({
    day: "2026-01-02",
    files: new Map([["/a", 3]]),
    mirrors: new Map([[1, { downloads: 3, bytes: 30 }]]),
    hours: new Map([["2026-01-02T03", new Map([["downloads", 3]])]]),
  });
  await using other = new OtherProgram(server.port);
  await other.redis.hset("STATS_FILE", "/odd", "NaN", "/half", "1.5");
  await other.redis.hset("STATS_MIRROR_2026", "name", "4", "2", "many");
  await other.redis.set("STATS_MIRROR_BYTES_2026", "text");
  await other.redis.set("STATS_TOTAL", "lots");
  await other.redis.hset("MIRRORBITS_STATS_2026_01_02", "downloads", "");
  const options = redisOptions(server.port);
  const log = new MemoryLog();
  {
    await using from = await openRedisTransfer({ ...options, log });
    await using to = await openSqliteTransfer({ path: `${place.path}/to.db`, log, newKey });
    await copyStore({ from, to });
  }
  const leftOut = log.lines.filter((line) => line.includes("left out")).map((line) =>
    line.replace(/^.*?The /, "")
  );
  const number = "in Redis is left out: it is no whole number";
  assertEquals(leftOut.sort(), [
    `field "/half" of the key "STATS_FILE" ${number}`,
    `field "/odd" of the key "STATS_FILE" ${number}`,
    `field "2" of the key "STATS_MIRROR_2026" ${number}`,
    `field "downloads" of the key "MIRRORBITS_STATS_2026_01_02" ${number}`,
    `field "name" of the key "STATS_MIRROR_2026" ${number}`,
    'key "STATS_MIRROR_BYTES_2026" in Redis is left out: it holds another type than it should',
    'key "STATS_TOTAL" in Redis is left out: it is no whole number',
  ]);
  await using copied = await openSqliteStore({
    ...{ path: `${place.path}/to.db`, log, now: Date.now, newKey },
  });
  assertEquals(await copied.fileDownloads("/a", ["", "2026-01-02"]), [3, 3]);
});
