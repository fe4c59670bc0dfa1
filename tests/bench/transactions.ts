import { NEW_MIRROR } from "../../lib/catalog/new_mirror.ts";
import { Connection } from "../../lib/store/sqlite/connection.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Milliseconds that no transaction should take. */
const LIMIT = 5;

/**
 * Measures how long the embedded store is kept from everything else by one transaction, while the
 * differences of large scans are written: what is the longest command elsewhere.
 *
 * @param paths the files of the source and of a mirror
 * @param say gets a line for each write
 */
export async function measureTransactions(
  paths: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  await using directory = await tempDir("mirrorbits-bench-");
  await using store = await openSqliteStore({
    path: `${directory.path}/mirrorbits.db`,
    log: new MemoryLog(),
    now: Date.now,
  });
  const { signal } = new AbortController();
  let times: number[] = [];
  const original = Connection.prototype.transaction;
  Connection.prototype.transaction = function <T>(this: Connection, action: () => T): T {
    const start = performance.now();
    try {
      return original.call(this, action) as T;
    } finally {
      times.push(performance.now() - start);
    }
  };
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    times = [];
    const start = performance.now();
    await work();
    const passed = (performance.now() - start) / 1000;
    times.sort((a, b) => b - a);
    const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(1);
    say(
      `embedded, ${name} written: ${passed.toFixed(1)} s, ${times.length} transactions, ` +
        `longest ${at(0)} ms, p99 ${at(0.01)} ms, ${times.filter((time) => time > LIMIT).length} ` +
        `above ${LIMIT} ms`,
    );
  };
  try {
    const copies = paths.map((path, i) => ({ path, size: i, modTime: 1_700_000_000_000 + i }));
    const files = copies.map((copy) => ({ ...copy, sha1: "", sha256: "ab".repeat(32), md5: "" }));
    await step("a source", () => store.updateSource({ changed: files, removed: [] }, signal));
    const id = await store.addMirror({ ...NEW_MIRROR, name: "m", httpUrl: "http://127.0.0.1:9/" });
    await step("a mirror", () => store.updateCopies(id, { changed: copies, removed: [] }, signal));
    await step("no mirror", () => store.removeMirror(id));
    await step("no source", () => store.updateSource({ changed: [], removed: paths }, signal));
  } finally {
    Connection.prototype.transaction = original;
  }
}
