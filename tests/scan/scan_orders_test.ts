import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals } from "@std/assert";
import type { ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { Lister } from "../../lib/scan/lister.ts";
import { scanMirror } from "../../lib/scan/mirror_scan.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { findFileExclusion, requirementsOf } from "../../lib/selection/exclude.ts";
import type { Store } from "../../lib/store/store.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { fakeFile, fakeMirror } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";

const HOUR = 3_600_000;
const TIME = 1_700_000_000_123;
const forever = new AbortController().signal;

/** A source, a mirror and a store between them, with as many scans as the test wants, in any order. */
class Orders implements AsyncDisposable {
  fixTimezoneOffsets = false;
  /** What the mirror lists. */
  listed: ListedFile[] = [];
  precision = 1000;

  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly store: Store,
    readonly id: number,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  static async start(kind: string): Promise<Orders> {
    await using stack = new AsyncDisposableStack();
    const log = new MemoryLog();
    let store: Store;
    if (kind === "embedded") {
      const directory = stack.use(await tempDir());
      const path = `${directory.path}/mirrorbits.db`;
      store = await openSqliteStore({ path, log, now: Date.now });
    } else {
      const { port } = stack.use(await RedisServer.start());
      const address = { hostname: "127.0.0.1", port };
      store = await openRedisStore({
        address,
        db: 0,
        password: "",
        log,
        now: Date.now,
        clock: systemClock,
      });
    }
    stack.use(store);
    const { id: _, ...mirror } = fakeMirror({ rsyncUrl: "rsync://host/mod/", enabled: true });
    const id = await store.addMirror(mirror);
    return new Orders(store, id, stack.move());
  }

  /** Scans the source, which has these files now. */
  async scanSource(...files: SourceFile[]): Promise<void> {
    await this.store.updateSource({ changed: files, removed: [] }, forever);
  }

  /** Scans the mirror, which lists {@linkcode listed} now. */
  async scan(): Promise<void> {
    const { fixTimezoneOffsets, listed, precision } = this;
    const lister: Lister = {
      protocol: "rsync",
      list: () => ({ files: batches(listed), precision: () => precision, warnings: () => [] }),
    };
    await scanMirror({
      every: () => ({ [Symbol.dispose]() {} }),
      timeout: systemClock.timeout,
      mirror: (await this.store.mirror(this.id))!,
      store: this.store,
      listers: [lister],
      fetch: () => Promise.reject(new TypeError("No network")),
      config: { fixTimezoneOffsets, tolerance: 0, traceFileLocation: "", exclude: [] },
      log: new MemoryLog(),
      now: Date.now,
      random: Math.random,
      signal: forever,
    });
  }

  /** Why the mirror may not serve a file; `null`: it may. */
  async excluded(path: string): Promise<string | null> {
    const found = await this.store.lookup(path);
    if (found === null) return "no source file";
    const copy = found.copies.find(({ mirrorId }) => mirrorId === this.id);
    if (copy === undefined) return "no copy";
    const mirror = (await this.store.mirror(this.id))!;
    const requirements = requirementsOf(found.file, "any", {
      fixTimezoneOffsets: this.fixTimezoneOffsets,
      tolerance: 0,
      allowOutdatedFiles: [],
      weightDistributionRange: 1.5,
      ipFamilies: "ignore",
      geographicalSort: true,
    });
    // Whether the mirror is enabled and up is no matter of scans.
    const able = prepareMirror({ ...mirror, enabled: true, httpUp: true, httpsUp: true });
    return findFileExclusion(able, copy, requirements)?.type ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

async function* batches(files: readonly ListedFile[]): AsyncGenerator<readonly ListedFile[]> {
  yield await Promise.resolve(files);
}

/** As rsync lists it: to the second. */
function listedAs({ path, size, modTime }: SourceFile, offset = 0): ListedFile {
  return { path, size, modTime: Math.floor((modTime! - offset) / 1000) * 1000 };
}

const file = (name: string, values: Partial<SourceFile> = {}): SourceFile =>
  fakeFile(`/${name}`, { size: 5, modTime: TIME, ...values });

for (const kind of ["embedded", "redis"]) {
  Deno.test(`no order of scans excludes a mirror falsely: source first, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    await orders.scanSource(file("a"), file("b"));
    orders.listed = [listedAs(file("a"))];
    await orders.scan();
    assertEquals(await orders.excluded("/a"), null);
    assertEquals(await orders.excluded("/b"), "no copy");
    orders.listed.push(listedAs(file("b")));
    await orders.scan();
    assertEquals(await orders.excluded("/b"), null);
  });

  Deno.test(`no order of scans excludes a mirror falsely: mirror first, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    await orders.scanSource(file("other"));
    orders.listed = [listedAs(file("a"))];
    await orders.scan();
    assertEquals(await orders.excluded("/a"), "no source file");
    await orders.scanSource(file("a"));
    assertEquals(await orders.excluded("/a"), null);
    const shared = await orders.store.sharedFile(orders.id, Math.random);
    assertEquals(shared?.file.path, "/a");
  });

  Deno.test(`no order of scans excludes a mirror falsely: a mirror ahead of the source, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    const [before, after] = [file("a"), file("a", { size: 6, modTime: TIME + HOUR })];
    await orders.scanSource(before);
    orders.listed = [listedAs(before)];
    await orders.scan();
    orders.listed = [listedAs(after)];
    await orders.scan();
    // The index says that the mirror has another file, and so it is.
    assertEquals(await orders.excluded("/a"), "size");
    await orders.scanSource(after);
    assertEquals(await orders.excluded("/a"), null);
  });

  Deno.test(`no order of scans excludes a mirror falsely: new files on the source, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    await orders.scanSource(file("a"));
    orders.listed = [listedAs(file("a"))];
    await orders.scan();
    await orders.scanSource(file("a", { size: 6 }), file("new"));
    assertEquals(await orders.excluded("/a"), "size");
    assertEquals(await orders.excluded("/new"), "no copy");
    orders.listed = [listedAs(file("a", { size: 6 })), listedAs(file("new"))];
    await orders.scan();
    assertEquals([await orders.excluded("/a"), await orders.excluded("/new")], [null, null]);
  });

  Deno.test(`a scan of another precision excludes nothing while it is written, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    const files = Array.from({ length: 300 }, (_, index) => file(`${index}`));
    await orders.scanSource(...files);
    const watched = new AbortController();
    const checks: Promise<void>[] = [];
    const found: (string | null)[] = [];
    orders.store.watch((change) => {
      if (change.type !== "copies") return;
      for (const path of change.paths) {
        checks.push(orders.excluded(path).then((reason) => void found.push(reason)));
      }
    }, watched.signal);
    for (
      const [precision, list] of [
        [1, ({ path, size, modTime }: SourceFile) => ({ path, size, modTime })],
        [1000, (item: SourceFile) => listedAs(item)],
        [60_000, ({ path, size, modTime }: SourceFile) => ({
          path,
          size,
          modTime: Math.floor(modTime! / 60_000) * 60_000,
        })],
        [1000, (item: SourceFile) => listedAs(item)],
      ] as const
    ) {
      orders.precision = precision;
      orders.listed = files.map(list);
      const coarser =
        precision > (await orders.store.mirror(orders.id))!.lastSuccessfulSyncPrecision;
      found.length = 0;
      await orders.scan();
      await Promise.all(checks.splice(0));
      if (coarser) assertEquals(found.filter((reason) => reason !== null), []);
      assertEquals(await orders.excluded("/7"), null);
    }
    watched.abort();
    // Of the last scan some may be told late, and look while the store is there.
    await Promise.allSettled(checks);
  });

  Deno.test(`a mirror in another time zone is known by its files, ${kind}`, async () => {
    await using orders = await Orders.start(kind);
    orders.fixTimezoneOffsets = true;
    const files = Array.from({ length: 20 }, (_, index) => file(`${index}`));
    await orders.scanSource(...files);
    orders.listed = files.map((item) => listedAs(item, -2 * HOUR));
    await orders.scan();
    assertEquals((await orders.store.mirror(orders.id))!.timeZoneOffset, -2 * HOUR);
    assertEquals(await orders.excluded("/7"), null);
    orders.fixTimezoneOffsets = false;
    await orders.scan();
    assertEquals((await orders.store.mirror(orders.id))!.timeZoneOffset, 0);
    assertEquals(await orders.excluded("/7"), "time");
  });
}
