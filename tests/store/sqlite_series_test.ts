import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../lib/store/sqlite/migrations.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("a store of an earlier format knows what was downloaded on each of its days", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  const database = new DatabaseSync(path);
  const old = MIGRATIONS.findIndex((migration) => migration.includes("TABLE series"));
  for (const migration of MIGRATIONS.slice(0, old)) database.exec(migration);
  database.exec(`
    INSERT INTO path VALUES (1, '/a');
    INSERT INTO file_downloads VALUES (20261122, 0, 7), (20261122, 1, 7), (202611, 0, 7), (0, 0, 7);
    INSERT INTO mirror_downloads VALUES (20261122, 1, 3, 30), (20261122, 2, 3, 6), (0, 1, 3, 30);
    PRAGMA application_id = ${0x6d626974};
    PRAGMA user_version = ${old};
  `);
  database.close();
  await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  assertEquals(await store.series(["2026-11-22", "2026-11-21"], ["downloads", "bytes"]), [
    [7, 36],
    null,
  ]);
  assertEquals((await store.countedPeriods()).series, ["2026-11-22"]);
});
