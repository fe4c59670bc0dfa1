import { assert, assertEquals } from "@std/assert";
import { formatAsked, parseAsked } from "../../lib/catalog/asked_file.ts";
import { type TreeAnswer, TreeWatch } from "../../lib/monitor/tree_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const THERE: TreeAnswer = { size: 1, why: "" };
const GONE: TreeAnswer = { size: null, why: "It is not there" };

class World implements Disposable {
  readonly store = new FakeStore(
    fakeMirror({ id: 1 }),
    fakeMirror({ id: 2, name: "cdn", wholeTree: true }),
  );
  readonly clock = new FakeClock();
  readonly log = new MemoryLog();
  readonly stop = new AbortController();
  readonly asked: string[] = [];
  readonly checked: number[] = [];
  mine = true;
  looks = 0;
  answer: (path: string) => TreeAnswer | Promise<TreeAnswer> = () => THERE;
  readonly watch: TreeWatch;

  constructor(mine = true, store?: FakeStore) {
    if (store) this.store = store;
    this.mine = mine;
    this.store.addFiles(fakeFile("/a", { modTime: 5000 }), fakeFile("/b", { modTime: 5000 }));
    this.watch = new TreeWatch({
      ...{ store: this.store, clock: this.clock, log: this.log, signal: this.stop.signal },
      isMine: () => this.mine,
      checkSoon: (id) => this.checked.push(id),
      lookAgain: () => this.looks++,
      ask: async ({ name }, path) => {
        this.asked.push(`${name} ${path}`);
        return await this.answer(path);
      },
    });
  }

  async want(...paths: string[]): Promise<void> {
    this.watch.want(paths);
    await this.watch.settle();
  }

  async tick(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= MINUTE) {
      this.clock.tick(Math.min(MINUTE, left));
      await this.watch.settle();
    }
  }

  copies(id = 2): string[] {
    return [...this.store.copies.get(id)?.keys() ?? []];
  }

  note(path: string): string | undefined {
    return this.store.notes.kept.get("asked")?.get(`2 ${path}`);
  }

  [Symbol.dispose](): void {
    this.stop.abort();
  }
}

Deno.test("TreeWatch asks for a file that is wanted, and keeps it as a copy for a day", async () => {
  using world = new World();
  world.watch.start();
  await world.want("/a", "/never");
  assertEquals(world.asked, ["cdn /a"]);
  assertEquals(world.store.copies.get(2)!.get("/a"), { path: "/a", size: 1, modTime: 5000 });
  assertEquals(world.checked, [2]);
  await world.want("/a");
  assertEquals(world.asked.length, 1);
  await world.tick(DAY - MINUTE);
  assertEquals(world.copies(), ["/a"]);
  await world.tick(20 * MINUTE);
  assertEquals(world.copies(), []);
  assertEquals(world.note("/a"), undefined);
  await world.want("/a");
  assertEquals(world.asked.length, 2);
});

Deno.test("TreeWatch asks again after ten minutes for what was not found", async () => {
  using world = new World();
  world.watch.start();
  world.answer = () => GONE;
  await world.want("/a");
  assertEquals(world.copies(), []);
  assertEquals(parseAsked(world.note("/a")!)?.why, "It is not there");
  assertEquals((await world.watch.known("/a")).get(2)?.state, "not_found");
  assertEquals((await world.watch.known("/b")).size, 0);
  await world.tick(9 * MINUTE);
  await world.want("/a");
  assertEquals(world.asked.length, 1);
  world.answer = () => ({ size: 2, why: "" });
  await world.tick(MINUTE);
  await world.want("/a");
  assertEquals(world.asked.length, 2);
  assertEquals(world.copies(), [], "another size is another file");
  assertEquals(parseAsked(world.note("/a")!)?.why, "It has 2 bytes in place of 1");
});

Deno.test("TreeWatch asks anew where the source has another version", async () => {
  using world = new World();
  await world.want("/a");
  world.store.addFiles(fakeFile("/a", { modTime: 9000, size: 3 }));
  world.answer = () => ({ size: 3, why: "" });
  await world.want("/a");
  assertEquals(world.asked.length, 2);
  assertEquals(world.store.copies.get(2)!.get("/a"), { path: "/a", size: 3, modTime: 9000 });
  world.store.addFiles(fakeFile("/a", { modTime: 10_000, size: 4 }));
  world.answer = () => GONE;
  await world.want("/a");
  assertEquals(world.copies(), [], "what is gone is forgotten");
});

Deno.test("TreeWatch drops what is more than it can hold, and says so", async () => {
  using world = new World();
  world.watch.start();
  await world.watch.settle();
  const held = Promise.withResolvers<TreeAnswer>();
  world.answer = () => held.promise;
  const paths = Array.from({ length: 12_000 }, (_, i) => `/f${i}`);
  world.store.addFiles(...paths.map((path) => fakeFile(path)));
  world.watch.want(paths);
  while ((await world.watch.known("/f0")).size === 0 && world.asked.length === 0) {
    await Promise.resolve();
  }
  // The rest is looked at while the first question is open.
  for (let i = 0; i < 500_000; i++) await Promise.resolve();
  held.resolve(THERE);
  await world.watch.settle();
  assertEquals(world.asked.length, 1000);
  await world.tick(MINUTE);
  const line = world.log.lines.find((text) => text.includes("Asked cdn"));
  assert(line?.includes("1000 found, 0 not, 9000 too many to be asked for"), line);
  assert(world.looks > 0, "threads are told to come again");
});

Deno.test("TreeWatch forgets the oldest of more than 200 000 files that were found", async () => {
  using world = new World();
  const { store, clock } = world;
  const put = new Map<string, string>();
  for (let i = 0; i < 200_003; i++) {
    const path = `/f${i}`;
    store.addCopies(2, { path, size: 1, modTime: 0 });
    // Those in the middle are the oldest.
    const age = i >= 100_000 && i < 100_003 ? 1000 : 0;
    put.set(`2 ${path}`, formatAsked({ state: "found", time: clock.now() - age, why: "" }));
  }
  await store.notes.change("asked", { put });
  world.watch.start();
  await world.watch.settle();
  assertEquals([store.copies.get(2)!.size, store.notes.kept.get("asked")!.size], [
    ...[200_000, 200_000],
  ]);
  const gone = [99_999, 100_000, 100_001, 100_002, 100_003]
    .filter((i) => !store.copies.get(2)!.has(`/f${i}`) && world.note(`/f${i}`) === undefined);
  assertEquals(gone, [100_000, 100_001, 100_002]);
});

Deno.test("in a cluster the node whose mirror it is asks, and others leave a wish", async () => {
  using owner = new World();
  using other = new World(false, owner.store);
  owner.watch.start();
  other.watch.start();
  await other.want("/a");
  await owner.watch.settle();
  assertEquals(other.asked, []);
  assertEquals(owner.asked, ["cdn /a"]);
  assertEquals(owner.copies(), ["/a"]);
  assertEquals(parseAsked(owner.note("/a")!)?.state, "found");
  owner.answer = () => GONE;
  await other.want("/b");
  await owner.watch.settle();
  await other.want("/b");
  await owner.watch.settle();
  assertEquals(owner.asked, ["cdn /a", "cdn /b"]);
});

Deno.test("a wish that nobody heard is taken up later, and none stays for ever", async () => {
  using world = new World();
  const { notes } = world.store;
  const time = world.clock.now();
  const wish = formatAsked({ state: "wanted", time, why: "" });
  await notes.change("asked", { put: new Map([["2 /a", wish], ["7 /a", wish], ["odd", "x"]]) });
  world.watch.start();
  await world.watch.settle();
  assertEquals(world.asked, ["cdn /a"]);
  assertEquals([...notes.kept.get("asked")!.keys()], ["2 /a"]);
  using other = new World(false);
  other.watch.start();
  for (let i = 0; i < 1500; i++) {
    other.store.addFiles(fakeFile(`/${i}`));
    other.watch.want([`/${i}`]);
  }
  await other.watch.settle();
  const kept = other.store.notes.kept.get("asked")!;
  assertEquals(kept.size, 1000);
  await other.tick(20 * MINUTE);
  assertEquals(kept.size, 0);
});

Deno.test("what a scan found counts for a day where a mirror is scanned no more", async () => {
  using world = new World();
  world.store.addCopies(2, { path: "/a", size: 1, modTime: 5000 });
  world.watch.start();
  await world.watch.settle();
  assertEquals(parseAsked(world.note("/a")!)?.state, "found");
  await world.tick(DAY + 10 * MINUTE);
  assertEquals(world.copies(), []);
});

Deno.test("TreeWatch asks nobody who is scanned, off, or not to be checked", async () => {
  for (
    const change of [{ wholeTree: false }, { enabled: false }, {
      unchecked: true,
      networksOnly: true,
    }]
  ) {
    using world = new World();
    world.store.change(2, change);
    world.watch.start();
    await world.want("/a");
    assertEquals(world.asked, []);
    // Notes of before go.
    await world.store.notes.change("asked", { put: new Map([["2 /a", "f1"]]) });
    await world.tick(10 * MINUTE);
    assertEquals(world.note("/a"), undefined);
  }
});

Deno.test("TreeWatch survives a store that is away", async () => {
  using world = new World();
  world.watch.start();
  await world.watch.settle();
  world.store.available = false;
  await world.want("/a");
  await world.tick(5 * MINUTE);
  world.store.available = true;
  await world.want("/a");
  assertEquals(world.copies(), ["/a"]);
});
