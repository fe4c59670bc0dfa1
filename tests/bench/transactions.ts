import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import { Connection } from "../../lib/store/sqlite/connection.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Milliseconds that no transaction should take. */
const LIMIT = 5;

/** How long a transaction took, in milliseconds. */
interface Taken {
  readonly wall: number;
  /** Without the time for which the thread could run, and other programs had the cores. */
  readonly own: number;
}

/** Milliseconds for which this thread waited for a core so far; 0 where that is not told. */
function waited(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

/**
 * Measures how long the embedded store is kept from everything else by one transaction, while the
 * differences of large scans are written: what is the longest command elsewhere. On a busy machine most
 * of the longest ones only wait for a core; that time is given apart.
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
  let times: Taken[] = [];
  const original = Connection.prototype.transaction;
  Connection.prototype.transaction = function <T>(this: Connection, action: () => T): T {
    const before = waited();
    const start = performance.now();
    try {
      return original.call(this, action) as T;
    } finally {
      const wall = performance.now() - start;
      // The kernel counts in ticks: a wait may be told too long.
      times.push({ wall, own: Math.max(0, wall - (waited() - before)) });
    }
  };
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    times = [];
    const start = performance.now();
    await work();
    const passed = (performance.now() - start) / 1000;
    say(
      `embedded, ${name} written: ${passed.toFixed(1)} s, ${times.length} transactions, ` +
        `${longest(times.map(({ wall }) => wall))}; without the time waited for a core: ` +
        longest(times.map(({ own }) => own)),
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

function longest(times: number[]): string {
  times.sort((a, b) => b - a);
  const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(1);
  const above = times.filter((time) => time > LIMIT).length;
  return `longest ${at(0)} ms, p99 ${at(0.01)} ms, ${above} above ${LIMIT} ms`;
}
