import { assertEquals } from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { READY_SETS } from "../../lib/catalog/set_rule.ts";
import {
  formatHistory,
  parseHistory,
  parseStanding,
  type SetHistory,
  type SetStanding,
  standingName,
} from "../../lib/catalog/set_state.ts";
import { Trees } from "../../lib/selection/tree.ts";
import type { RootAnswer } from "../../lib/sets/root_answer.ts";
import { SetRecorder } from "../../lib/sets/set_recorder.ts";
import { SetWatch } from "../../lib/sets/set_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";

const ROOT = "/dists/a/InRelease";
const PACKAGES = "/dists/a/main/Packages";
const config = {
  metadataSets: READY_SETS.apt!,
  checkInterval: 1,
};

/** A store, a clock that is stepped, and a recorder over them. */
class Recording implements AsyncDisposable {
  readonly store = new FakeStore();
  readonly clock = new FakeClock();
  readonly stop = new AbortController();
  readonly recorder = new SetRecorder({
    store: this.store,
    config: () => config,
    hashRoot: ({ size }) => Promise.resolve(`${size}`),
    log: new MemoryLog(),
    clock: this.clock,
    signal: this.stop.signal,
  });

  /** The source changes as a scan or the follower writes it. */
  async write(files: Readonly<Record<string, number | null>>): Promise<void> {
    const changed = Object.entries(files)
      .flatMap(([path, size]) => size === null ? [] : [fakeFile(path, { size, modTime: size })]);
    const removed = Object.keys(files).filter((path) => files[path] === null);
    await this.recorder.beforeWrite({ changed, removed });
    await this.store.updateSource({ changed, removed }, this.stop.signal);
  }

  async pass(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    // What was begun is written.
    await this.recorder.beforeWrite({ changed: [], removed: [] });
  }

  async history(): Promise<SetHistory | null> {
    const [text] = await this.store.notes.get("set", [ROOT]);
    return text ? parseHistory(text) : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.recorder[Symbol.asyncDispose]();
  }
}

Deno.test("SetRecorder counts a revision once all has been quiet, and keeps what was before", async () => {
  await using recording = new Recording();
  recording.store.addFiles(fakeFile(ROOT, { size: 1, modTime: 1 }));
  recording.store.addFiles(fakeFile(PACKAGES, { size: 10, modTime: 10 }));
  await recording.recorder.start();
  await recording.pass(1000);
  assertEquals((await recording.history())?.revisions.map(({ sha256 }) => sha256), ["1"]);
  // Packages first, then its root: until both are quiet the first revision is the present one.
  await recording.write({ [PACKAGES]: 20 });
  let history = (await recording.history())!;
  assertEquals(history.former.get(PACKAGES), [{ until: 2, size: 10, modTime: 10 }]);
  await recording.pass(1500);
  await recording.write({ [ROOT]: 2 });
  await recording.pass(1500);
  history = (await recording.history())!;
  assertEquals(history.revisions.length, 1);
  assertEquals(history.former.get(ROOT), [{ until: 2, size: 1, modTime: 1 }]);
  await recording.pass(600);
  history = (await recording.history())!;
  assertEquals(history.revisions.map(({ number, sha256 }) => [number, sha256]), [[1, "1"], [
    2,
    "2",
  ]]);
  // A name that is new belongs to no revision before; an immutable one is not noted.
  await recording.write({ "/dists/a/main/i18n": 5, "/dists/a/by-hash/x": 5, [PACKAGES]: null });
  history = (await recording.history())!;
  assertEquals(history.former.get("/dists/a/main/i18n"), [{ until: 3, size: -1, modTime: null }]);
  assertEquals(history.former.has("/dists/a/by-hash/x"), false);
  assertEquals(history.former.get(PACKAGES)?.at(-1), { until: 3, size: 20, modTime: 20 });
  // Without a new root, it is the present revision that has them.
  await recording.pass(2100);
  history = (await recording.history())!;
  assertEquals([history.revisions.length, history.former.has("/dists/a/main/i18n")], [2, false]);
});

Deno.test("SetRecorder waits 15 seconds at the latest, forgets old revisions, and gone roots", async () => {
  await using recording = new Recording();
  await recording.write({ [ROOT]: 1 });
  await recording.recorder.start();
  await recording.pass(1000);
  for (let size = 2; size < 12; size++) {
    await recording.write({ [ROOT]: size });
    await recording.pass(1600);
  }
  const { revisions } = (await recording.history())!;
  assertEquals(revisions.length, 2);
  await recording.pass(5000);
  await recording.pass(721 * 60_000);
  await recording.write({ [ROOT]: 99 });
  await recording.pass(2100);
  const later = (await recording.history())!;
  assertEquals(later.revisions.map(({ sha256 }) => sha256).at(-1), "99");
  // Of those before only the one that was replaced just now is kept.
  assertEquals(later.revisions.length, 2);
  assertEquals(later.former.get(ROOT)?.length, 1);
  await recording.write({ [ROOT]: null });
  await recording.pass(2100);
  assertEquals(await recording.history(), null);
});

Deno.test("SetWatch finds out what a mirror has, and whether all of it", async () => {
  const mirror = fakeMirror({ httpUp: true, lastSuccessfulSync: 1, rsyncUrl: "rsync://x/" });
  const store = new FakeStore(mirror);
  store.addFiles(
    fakeFile(ROOT, { size: 2, modTime: 2 }),
    fakeFile(PACKAGES, { size: 20, modTime: 20 }),
  );
  store.addCopies(1, { path: ROOT, size: 1, modTime: 1 }, {
    path: PACKAGES,
    size: 10,
    modTime: 10,
  });
  const clock = new FakeClock();
  const trees = new Trees({ stableDraw: [], metadataSets: config.metadataSets }, 0);
  const revisions = [1, 2].map((number) => ({
    ...{ number, size: number, modTime: number, sha256: `${number}`, time: clock.now() },
  }));
  const former = new Map([ROOT, PACKAGES].map((path, i) => [path, [{
    ...{ until: 2, size: i === 0 ? 1 : 10, modTime: i === 0 ? 1 : 10 },
  }]]));
  trees.takeSets(new Map([[ROOT, formatHistory({ revisions, former })]]), null);
  let answer: RootAnswer = { type: "content", sha256: "1", etag: "" };
  let listing: ListedFile[] = [];
  let listings = 0;
  const scans: number[] = [];
  const stop = new AbortController();
  store.watch((change) => {
    if (change.type !== "notes") return;
    trees.takeStandings(store.notes.kept.get("set_mirror") ?? new Map(), null);
  }, stop.signal);
  const watch = new SetWatch({
    ...{ store, config: () => config, trees: () => trees, isMine: () => true, clock },
    ask: () => Promise.resolve(answer),
    list: () => {
      listings++;
      return Promise.resolve(listing);
    },
    scanSoon: (id) => scans.push(id),
    log: new MemoryLog(),
    signal: stop.signal,
  });
  const standing = async (): Promise<Partial<SetStanding> | null> => {
    const [text] = await store.notes.get("set_mirror", [standingName(1, ROOT)]);
    const found = text ? parseStanding(text) : null;
    return found && { seen: found.seen, whole: found.whole, unsteady: found.unsteady };
  };
  const look = async (after: number): Promise<void> => {
    await clock.advance(after);
    await watch.look();
    await watch.settled();
  };
  const listed = (path: string, size: number): ListedFile => ({ path, size, modTime: size });

  listing = [listed(ROOT, 1), listed(PACKAGES, 10)];
  await look(0);
  assertEquals(await standing(), { seen: 1, whole: 1, unsteady: false });
  assertEquals(scans, [1]);
  // The new root is there, and the old Packages.
  answer = { type: "content", sha256: "2", etag: "" };
  listing = [listed(ROOT, 2), listed(PACKAGES, 10)];
  await look(10_000);
  assertEquals(await standing(), { seen: 2, whole: null, unsteady: false });
  assertEquals(listings, 2);
  // It is listed again, but not within ten seconds.
  listing = [listed(ROOT, 2), listed(PACKAGES, 20)];
  await look(5000);
  assertEquals(listings, 2);
  await look(10_000);
  assertEquals(await standing(), { seen: 2, whole: 2, unsteady: false });
  assertEquals(store.copies.get(1)?.get(PACKAGES)?.size, 20);
  // Several servers behind one name.
  for (const sha256 of ["1", "2", "1", "2"]) {
    answer = { type: "content", sha256, etag: "" };
    await look(60_000);
  }
  assertEquals((await standing())?.unsteady, true);
  // An unknown root, and one that is missing.
  answer = { type: "content", sha256: "?", etag: "" };
  await look(60_000);
  assertEquals((await standing())?.seen, null);
  answer = { type: "missing" };
  await look(60_000);
  assertEquals(await standing(), null);
  stop.abort();
});

Deno.test("SetWatch asks a mirror as soon as a scan found the root there, whatever the interval", async () => {
  const store = new FakeStore(fakeMirror({ httpUp: true, lastSuccessfulSync: 1 }));
  store.addFiles(fakeFile(ROOT, { size: 1, modTime: 1 }));
  const clock = new FakeClock();
  const trees = new Trees({ stableDraw: [], metadataSets: config.metadataSets }, 0);
  const revision = { number: 1, size: 1, modTime: 1, sha256: "1", time: clock.now() };
  const history = formatHistory({ revisions: [revision], former: new Map() });
  trees.takeSets(new Map([[ROOT, history]]), null);
  const stop = new AbortController();
  store.watch((change) => {
    if (change.type !== "notes") return;
    trees.takeStandings(store.notes.kept.get("set_mirror") ?? new Map(), null);
  }, stop.signal);
  let answer: RootAnswer = { type: "missing" };
  let asked = 0;
  const watch = new SetWatch({
    ...{ store, config: () => ({ checkInterval: 60 }), trees: () => trees, isMine: () => true },
    ask: () => {
      asked++;
      return Promise.resolve(answer);
    },
    list: () => Promise.resolve(null),
    scanSoon: () => {},
    ...{ log: new MemoryLog(), clock, signal: stop.signal },
  });
  const look = async (): Promise<number> => {
    await clock.advance(1000);
    await watch.look();
    await watch.settled();
    return asked;
  };
  // The source has the root before the mirror does.
  assertEquals([await look(), await look()], [0, 0]);
  store.addCopies(1, { path: ROOT, size: 1, modTime: 1 });
  assertEquals(await look(), 0);
  store.change(1, { lastSuccessfulSync: 2 });
  // Once for each scan, as long as it is not there.
  assertEquals([await look(), await look()], [1, 1]);
  answer = { type: "content", sha256: "1", etag: "" };
  store.change(1, { lastSuccessfulSync: 3 });
  assertEquals(await look(), 2);
  assertEquals(trees.sets.get(ROOT)?.standings.get(1)?.seen, 1);
  stop.abort();
});
