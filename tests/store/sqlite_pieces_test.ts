import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { type PieceRecord, ZSYNC_PART, zsyncBlock } from "../../lib/catalog/zsync_sums.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MIGRATIONS } from "../../lib/store/sqlite/migrations.ts";
import type { Store } from "../../lib/store/store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const PARTS = 30;

/** A file with so many sums that they are written in steps. */
function record(path: string, fill: number, parts = PARTS): PieceRecord {
  const sums = new Uint8Array(parts * ZSYNC_PART).fill(fill);
  const size = 64 * 1024 * (sums.length / 20);
  const zsync = { block: zsyncBlock(size), sha1: `${fill % 10}`.repeat(40), sums };
  return {
    ...{ path, size: Math.floor(size), modTime: fill, sha256: "" },
    ...{ length: 16_777_216, sha1: new Uint8Array(20), root: null, layer: null, zsync },
  };
}

async function open(path: string): Promise<Store> {
  return await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
}

/** Rows of a table. */
function count(path: string, table: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()!.rows;
  database.close();
  return Number(rows);
}

/** The byte that all parts are full of, by the head that the store gives out. */
async function filled(store: Store, path: string): Promise<number> {
  const head = (await store.zsyncHead(path))!;
  const bytes = new Set<number>();
  for (let part = 0; part < PARTS; part++) {
    const sums = await store.zsyncPart(head, part);
    if (sums !== null) sums.forEach((byte) => bytes.add(byte));
  }
  assertEquals(bytes.size, 1);
  return [...bytes][0]!;
}

Deno.test("what zsync needs is replaced as a whole, and nothing of it stays behind", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/x.db`;
  await using store = await open(path);
  // Two at once for one file, as a scan and a backlog may write them.
  await Promise.all([store.putPieces(record("/a", 1)), store.putPieces(record("/a", 2))]);
  assertEquals(await filled(store, "/a"), 2);
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose")], [PARTS, 0]);
  await store.putPieces(record("/a", 3, 2));
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose")], [2, 0]);
  await store.putPieces(record("/b", 4));
  const { signal } = new AbortController();
  const file = { path: "/b", size: 1, modTime: 1, sha1: "", sha256: "", md5: "" };
  await store.updateSource({ changed: [file], removed: [] }, signal);
  await store.updateSource({ changed: [], removed: ["/b"] }, signal);
  assertEquals(await store.zsyncHead("/b"), null);
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose")], [2, 0]);
  await store.removePieces(["/a"], "zsync");
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose"), count(path, "piece")], [
    ...[0, 0, 1],
  ]);
});

Deno.test("a write that was cut short leaves nothing that is served, and is removed later", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/x.db`;
  {
    await using store = await open(path);
    await store.putPieces(record("/a", 1, 3));
    const writing = store.putPieces(record("/a", 2));
    await waitFor(() => count(path, "zsync_part") > 3, { what: "a part to be written" });
    await store[Symbol.asyncDispose]();
    await assertRejects(() => writing);
  }
  assert(count(path, "zsync_part") > 3);
  assertEquals(count(path, "zsync_loose"), 1);
  await using store = await open(path);
  assertEquals(await filled(store, "/a"), 1);
  await waitFor(() => count(path, "zsync_loose") === 0, { what: "the rest to be removed" });
  assertEquals(count(path, "zsync_part"), 3);
});

Deno.test("what was stored before bodies were known is still there", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/x.db`;
  const old = MIGRATIONS.findIndex((migration) => migration.includes("TABLE zsync_body"));
  const database = new DatabaseSync(path);
  for (const migration of MIGRATIONS.slice(0, old)) database.exec(migration);
  const { block, sha1 } = record("/a", 7, 3).zsync!;
  database.exec(`
    PRAGMA application_id = ${0x6d626974};
    PRAGMA user_version = ${old};
    INSERT INTO path (id, text) VALUES (5, '/a');
    INSERT INTO piece (path_id, size, mod_time, length, sha1) VALUES (5, 9, 9, 262144, x'00');
    INSERT INTO zsync (path_id, block, sha1) VALUES (5, ${block}, x'${sha1}');
    INSERT INTO zsync_part (path_id, part, sums) VALUES
      (5, 0, x'0707'), (5, 1, x'0707'), (5, 2, x'07'), (999, 0, x'00');`);
  database.close();
  await using store = await open(path);
  assertEquals(await filled(store, "/a"), 7);
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose")], [3, 0]);
  await store.putPieces(record("/b", 8, 2));
  await store.removePieces(["/a"]);
  assertEquals(await filled(store, "/b"), 8);
  assertEquals([count(path, "zsync_part"), count(path, "zsync_loose")], [2, 0]);
});
