import { assert, assertEquals } from "@std/assert";
import type { IndexedFile, SourceFile } from "../../lib/catalog/file.ts";
import { formatCarriedTree } from "../../lib/catalog/carried_tree.ts";
import { MOST_EMBARGOS, parseEmbargo } from "../../lib/catalog/embargo.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { MOST_WATCHED } from "../../lib/catalog/rollout.ts";
import { EmbargoWatch } from "../../lib/release/embargo_watch.ts";
import { LatestWatch } from "../../lib/release/latest_watch.ts";
import { RolloutWatch } from "../../lib/release/rollout_watch.ts";
import type { StoreChange } from "../../lib/store/store.ts";
import { mirrorRecord } from "../selection/fixtures.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { MemoryNotes } from "../support/memory_notes.ts";

const NOW = Date.UTC(2026, 10, 22);

/** A store over plain objects, with three mirrors. */
class World {
  readonly clock = new FakeClock(NOW);
  readonly log = new MemoryLog();
  readonly signal = new AbortController().signal;
  readonly files = new Map<string, IndexedFile>();
  mirrors: MirrorRecord[] = [1, 2, 3].map((id) =>
    mirrorRecord(id, { continentCode: id === 3 ? "NA" : "EU", lastSuccessfulSync: NOW })
  );
  readonly #watchers: ((change: StoreChange) => void)[] = [];
  readonly store = {
    available: true,
    notes: new MemoryNotes((kind, names) => this.tell({ type: "notes", kind, names })),
    countFiles: () => Promise.resolve(this.files.size),
    lookup: (path: string) => this.files.get(path) ?? null,
    mirrors: () => Promise.resolve(this.mirrors),
    mirrorDownloads: () =>
      Promise.resolve(
        new Map([[1, { downloads: 30, bytes: 0 }], [2, { downloads: 10, bytes: 0 }]]),
      ),
    watch: (watcher: (change: StoreChange) => void) => void this.#watchers.push(watcher),
  };
  config = { embargo: [{ prefix: "/r/", mirrors: 2, minutes: 60 }], latest: RULES };

  tell(change: StoreChange): void {
    for (const watcher of this.#watchers) watcher(change);
  }

  /** Puts a file into the index; who has it. */
  put(path: string, ids: readonly number[], size = 1): SourceFile {
    const file = { path, size, modTime: NOW, sha1: "", sha256: "", md5: "", firstSeen: NOW - 5000 };
    const copies = ids.map((mirrorId) => ({ mirrorId, size, modTime: NOW }));
    this.files.set(path, { file, copies });
    this.tell({ type: "files", paths: [path] });
    return file;
  }

  get options() {
    return {
      ...{ store: this.store as never, log: this.log, clock: this.clock, signal: this.signal },
      config: () => this.config,
      isBound: (path: string) => path.startsWith("/r/dists/"),
      paths: () => Promise.resolve(this.files.keys()),
    };
  }
}

const RULES = [{ path: "/latest/{os}", pattern: "/v/{version}/{os}", mirrors: 2 }];

Deno.test("a new version waits until so many mirrors have it, and never again", async () => {
  const world = new World();
  const watch = new EmbargoWatch(world.options);
  using _watch = watch.start();
  world.put("/r/old", []);
  const file = { path: "/r/new", size: 1, modTime: NOW, sha1: "", sha256: "", md5: "" };
  const bound = { ...file, path: "/r/dists/x" };
  await watch.beforeWrite({ changed: [file, bound, { ...file, path: "/x/y" }], removed: [] });
  assertEquals([...(await world.store.notes.all("embargo")).keys()], ["/r/new"]);
  world.put("/r/new", [1]);
  await watch.look();
  assertEquals((await world.store.notes.all("embargo")).size, 1);
  world.put("/r/new", [1, 2]);
  world.tell({ type: "copies", mirrorId: 2, paths: ["/r/new"] });
  await watch.look();
  assertEquals((await world.store.notes.all("embargo")).size, 0);
  // Hashes follow later; a mirror may lose it: neither begins it anew.
  await watch.beforeWrite({ changed: [{ ...file, sha256: "ab" }], removed: [] });
  assertEquals((await world.store.notes.all("embargo")).size, 0);
});

Deno.test("an embargo ends by time, with its rule, and with its file", async () => {
  const world = new World();
  const watch = new EmbargoWatch(world.options);
  using _watch = watch.start();
  world.put("/other", []);
  const file = { path: "/r/a", size: 1, modTime: NOW, sha1: "", sha256: "", md5: "" };
  const put = () => watch.beforeWrite({ changed: [file], removed: [] });
  const left = async () => (await world.store.notes.all("embargo")).size;
  await put();
  const [text] = await world.store.notes.get("embargo", ["/r/a"]);
  assertEquals(parseEmbargo(text!)?.until, NOW + 60 * 60_000);
  await world.clock.advance(61 * 60_000);
  await watch.look();
  assertEquals(await left(), 0);
  await put();
  await watch.beforeWrite({ changed: [], removed: ["/r/a"] });
  assertEquals(await left(), 0);
  await put();
  world.config = { ...world.config, embargo: [{ prefix: "/q/", mirrors: 2, minutes: 60 }] };
  world.tell({ type: "missed" });
  await watch.look();
  assertEquals(await left(), 0);
});

Deno.test("no more files wait than a bound, and none of an index that is filled first", async () => {
  const world = new World();
  const watch = new EmbargoWatch(world.options);
  const changed = Array.from({ length: MOST_EMBARGOS + 50 }, (_, i) => ({
    ...{ path: `/r/${i}`, size: 1, modTime: NOW, sha1: "", sha256: "", md5: "" },
  }));
  await watch.beforeWrite({ changed, removed: [] });
  assertEquals((await world.store.notes.all("embargo")).size, 0);
  world.put("/x", []);
  await watch.beforeWrite({ changed, removed: [] });
  assertEquals((await world.store.notes.all("embargo")).size, MOST_EMBARGOS);
  assert(
    world.log.lines.some((line) => line.includes("50 files do not wait")),
    world.log.lines.join(),
  );
});

Deno.test("the latest is the highest version that enough mirrors which are up have", async () => {
  const world = new World();
  const watch = new LatestWatch(world.options);
  using _watch = watch.start();
  const latest = async () => Object.fromEntries(await world.store.notes.all("latest"));
  for (const [version, ids] of [["1.9", [1, 2]], ["1.10", [1, 3]], ["2.0", [1]]] as const) {
    world.put(`/v/${version}/linux`, ids);
  }
  world.put("/v/1.0/mac", [1]);
  await watch.look();
  assertEquals(await latest(), { "/latest/linux": "/v/1.10/linux" });
  // A mirror that is down counts no more.
  world.mirrors = world.mirrors.map((mirror) =>
    mirror.id === 3 ? { ...mirror, httpUp: false } : mirror
  );
  world.tell({ type: "mirror", id: 3 });
  await watch.look();
  assertEquals(await latest(), { "/latest/linux": "/v/1.9/linux" });
  world.put("/v/2.0/linux", [1, 2]);
  await watch.look();
  assertEquals(await latest(), { "/latest/linux": "/v/2.0/linux" });
  world.config = { ...world.config, latest: [] };
  await watch.look();
  assertEquals(await latest(), {});
});

Deno.test("the latest heeds what comes while the files are read", async () => {
  const world = new World();
  const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
  const paths = async (): Promise<Iterable<string>> => {
    const read = [...world.files.keys()];
    await going;
    return read;
  };
  const watch = new LatestWatch({ ...world.options, paths });
  using _watch = watch.start();
  world.put("/v/1.0/linux", [1, 2]);
  const looking = watch.look();
  await world.clock.advance(0);
  world.put("/v/2.0/linux", [1, 2]);
  goOn();
  await looking;
  await watch.look();
  assertEquals(await world.store.notes.get("latest", ["/latest/linux"]), ["/v/2.0/linux"]);
});

Deno.test("what is watched tells when mirrors got it", async () => {
  const world = new World();
  const watch = new RolloutWatch(world.options);
  using _watch = watch.start();
  world.put("/a", [1]);
  assertEquals(await watch.rollout("/none", true), null);
  const first = (await watch.rollout("/a", true))!;
  assertEquals([first.have, Math.round(first.percent), first.traffic], [1, 33, 75]);
  assertEquals(first.continents, [
    { code: "EU", mirrors: 2, have: 1 },
    { code: "NA", mirrors: 1, have: 0 },
  ]);
  await world.clock.advance(60_000);
  world.put("/a", [1, 3]);
  await watch.look();
  const second = (await watch.rollout("/a", false))!;
  assertEquals(second.curve, [{ time: NOW, have: 1 }, { time: NOW + 60_000, have: 2 }]);
  assertEquals(second.mirrors.map(({ name, has, took }) => [name, has, took]), [
    ["m2", false, null],
    ["m3", true, 65_000],
    ["m1", true, null],
  ]);
  // Another version begins anew, with nobody.
  world.put("/a", [], 9);
  await watch.look();
  assertEquals((await watch.rollout("/a", false))!.curve, [{ time: NOW + 60_000, have: 0 }]);
});

Deno.test("a directory is there once a scan found nothing lacking; so many paths are watched", async () => {
  const world = new World();
  const watch = new RolloutWatch(world.options);
  world.put("/d/a", []);
  const tree = (lacking: number): string =>
    formatCarriedTree({ scan: NOW, lacking: new Map([["/d/", lacking]]) });
  await world.store.notes.change("carried", { put: new Map([["1", tree(0)], ["2", tree(4)]]) });
  const rollout = (await watch.rollout("/d", true))!;
  assertEquals(rollout.mirrors.filter(({ has }) => has).map(({ id }) => id), [1]);
  for (let i = 0; i <= MOST_WATCHED; i++) {
    world.put(`/many/${i}`, []);
    await world.clock.advance(1000);
    await watch.rollout(`/many/${i}`, true);
  }
  const watched = await world.store.notes.all("rollout");
  assertEquals(watched.size, MOST_WATCHED);
  assertEquals(watched.has("/d"), false);
});

Deno.test("whoever asks at once for many paths does not get past the bound", async () => {
  const world = new World();
  const watch = new RolloutWatch(world.options);
  const paths = Array.from({ length: MOST_WATCHED + 20 }, (_, i) => `/many/${i}`);
  for (const path of paths) world.put(path, []);
  await Promise.all([...paths.map((path) => watch.rollout(path, true)), watch.look()]);
  assertEquals((await world.store.notes.all("rollout")).size, MOST_WATCHED);
});
