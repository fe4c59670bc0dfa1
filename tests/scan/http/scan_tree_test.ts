import { assertEquals } from "@std/assert";
import { formatHistory, type FormerVersion } from "../../../lib/catalog/set_state.ts";
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { scanMirror } from "../../../lib/scan/mirror_scan.ts";
import { MOST_FORMER, MOST_LOOKED_UP, scanTree } from "../../../lib/scan/scan_tree.ts";
import { openRedisStore } from "../../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../../lib/store/sqlite/open_sqlite_store.ts";
import type { Store } from "../../../lib/store/store.ts";
import { fakeFile, fakeMirror, FakeStore } from "../../support/fake_store.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { ScriptedMirror, TIME } from "./scripted_mirror.ts";

const DAY = 86_400_000;
const ROOT = "/dists/a/InRelease";
const PACKAGES = "/dists/a/main/Packages";
const REPOMD = "/f/repodata/repomd.xml";
const forever = new AbortController().signal;
const all = () => true;

async function openStore(kind: string, stack: AsyncDisposableStack): Promise<Store> {
  const common = { log: new MemoryLog(), now: Date.now };
  if (kind === "embedded") {
    const directory = stack.use(await tempDir());
    const path = `${directory.path}/mirrorbits.db`;
    return stack.use(await openSqliteStore({ path, ...common }));
  }
  const { port } = stack.use(await RedisServer.start());
  const address = { hostname: "127.0.0.1", port };
  return stack.use(
    await openRedisStore({ address, db: 0, password: "", clock: systemClock, ...common }),
  );
}

/** Revisions of a set whose names were this. */
function history(former: ReadonlyMap<string, readonly FormerVersion[]>): Map<string, string> {
  const revisions = [1, 2, 3].map((number) => ({
    ...{ number, size: 100, modTime: TIME - (3 - number) * DAY, sha256: "", time: 0 },
  }));
  return new Map([[ROOT, formatHistory({ revisions, former })]]);
}

for (const kind of ["embedded", "redis"]) {
  Deno.test(`a scan over HTTP tells which version of a metadata set a mirror has: ${kind}`, async () => {
    await using stack = new AsyncDisposableStack();
    const store = await openStore(kind, stack);
    const server = new ScriptedMirror();
    // Its times have no seconds, so that only who knows the version can tell it exactly.
    server.listing = "html";
    const { id: _, ...values } = fakeMirror({ httpUrl: "http://mirror.test/base/" });
    const id = await store.addMirror(values);
    const had = [
      [ROOT, 100, TIME - 2 * DAY],
      [PACKAGES, 90, TIME - DAY],
      ["/dists/a/main/Contents", 80, TIME - DAY],
      ["/dists/a/main/Sources", 100, TIME],
      [REPOMD, 70, TIME - DAY],
      ["/f/repodata/other", 70, TIME - DAY],
    ] as const;
    for (const [path, size, modTime] of had) server.files.set(path, { size, modTime });
    await store.updateSource({
      changed: had.map(([path]) => fakeFile(path, { size: 100, modTime: TIME })),
      removed: [],
    }, forever);
    const former: FormerVersion[] = [2, 3].map((until) => ({
      ...{ until, size: 100 - (3 - until) * 10, modTime: TIME - (4 - until) * DAY },
    }));
    await store.notes.change("set", {
      put: history(
        new Map([
          [ROOT, former.map((version) => ({ ...version, size: 100 }))],
          [PACKAGES, [{ until: 2, size: -1, modTime: null }, {
            ...{ until: 3, size: 90, modTime: TIME - DAY },
          }]],
          ["/dists/a/main/left", former],
        ]),
      ),
    });
    const revision = { size: 70, modTime: TIME - DAY, sha256: "aa", sha1: "", md5: "" };
    await store.addRevision(REPOMD, { ...revision, replaced: TIME }, 0);
    const { removed, warnings } = await scanMirror({
      ...{ mirror: (await store.mirror(id))!, store, listers: [server.lister()] },
      fetch: () => Promise.reject(new TypeError("No network")),
      config: { fixTimezoneOffsets: false, tolerance: 0, traceFileLocation: "", exclude: [] },
      log: new MemoryLog(),
      now: server.clock.now,
      every: () => ({ [Symbol.dispose]() {} }),
      timeout: systemClock.timeout,
      random: () => 0.5,
      signal: forever,
    });
    assertEquals([removed, warnings], [0, []]);
    const found = new Map<string, unknown>();
    for await (const batch of store.copiesOf(id)) {
      for (const { path, size, modTime } of batch) found.set(path, [size, modTime]);
    }
    const exact = new Map<string, unknown>(had.map(([path, size, time]) => [path, [size, time]]));
    // Nobody knows these versions: the listing's own words.
    exact.set("/dists/a/main/Contents", [80, TIME - DAY - 45_000]);
    exact.set("/f/repodata/other", [70, TIME - DAY - 45_000]);
    assertEquals([...found].sort(), [...exact].sort());
    assertEquals(server.asked.filter((one) => one.includes("left")), []);
  });
}

Deno.test("scanTree() tells each former version once, the newest first, of what is meant", async () => {
  const store = new FakeStore();
  store.addFiles(fakeFile("/a", { size: 1, modTime: 4 }), fakeFile("/b", { size: 1, modTime: 4 }));
  const versions = [1, 2, 4, 2, 3].map((modTime, i) => ({ until: i + 2, size: 1, modTime }));
  const former = new Map([["/a", versions], ["/b", versions], ["/c", versions]]);
  await store.notes.change("set", { put: new Map([...history(former), ["/broken", "["]]) });
  const tree = await scanTree(store, (path) => path !== "/b");
  const told = [3, 2, 1].map((modTime) => ({ size: 1, modTime }));
  assertEquals(tree.find("/a"), { size: 1, modTime: 4, former: told });
  assertEquals([tree.find("/b"), tree.find("/c")], [null, null]);
});

Deno.test("scanTree() takes no more former versions than there may be", async () => {
  const store = new FakeStore();
  const paths = Array.from({ length: MOST_FORMER / 1000 + 1 }, (_, i) => `/dists/a/${i}`);
  store.addFiles(...paths.map((path) => fakeFile(path, { modTime: -1 })));
  const versions = Array.from({ length: 1000 }, (_, i) => ({ until: i + 2, size: 1, modTime: i }));
  await store.notes.change("set", {
    put: history(new Map(paths.map((path) => [path, versions]))),
  });
  const tree = await scanTree(store, all);
  const lengths = paths.map((path) => tree.find(path)!.former?.length ?? 0);
  assertEquals(lengths.reduce((sum, length) => sum + length), MOST_FORMER);
  assertEquals(lengths.slice(-2), [1000, 0]);
});

Deno.test("scanTree() looks up the former versions of so many files, and of no others", async () => {
  const store = new FakeStore();
  const paths = Array.from({ length: MOST_LOOKED_UP + 1 }, (_, i) => `/${i}/repodata/repomd.xml`);
  store.addFiles(fakeFile("/a"), ...paths.map((path) => fakeFile(path)));
  const looked: string[] = [];
  store.revisions = (path) => {
    looked.push(path);
    return [];
  };
  const tree = await scanTree(store, all);
  assertEquals([looked.length, looked.includes("/a")], [MOST_LOOKED_UP, false]);
  assertEquals(tree.find(paths.at(-1)!), { size: 1, modTime: 0 });
});
