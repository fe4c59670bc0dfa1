import { openSqliteReader } from "../../lib/store/sqlite/sqlite_reader.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { storeContract } from "../store_contract.ts";

storeContract("SQLite", async () => {
  const dir = await tempDir();
  const path = `${dir.path}/state/mirrorbits.db`;
  const store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
  const reader = openSqliteReader({ path });
  return {
    store,
    reader,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
});
