import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import type { SourceFile } from "../../lib/catalog/file.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { lookAtPaths } from "../../lib/scan/look_at_paths.ts";
import { SourceFollower } from "../../lib/scan/source_follower.ts";
import { fakeFile, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** A follower of a real directory, over a store in memory. */
class Following implements AsyncDisposable {
  readonly store = new FakeStore();
  readonly links: ReadonlyMap<string, string>[] = [];
  lost = 0;
  changed = 0;
  readonly stop = new AbortController();
  readonly follower: SourceFollower;

  constructor(readonly root: string) {
    this.follower = new SourceFollower({
      store: this.store,
      config: () => ({
        repository: root,
        keepRemoved: null as number | null,
        metadataSets: [],
        exclude: ["/private/"],
        hashes: { sha1: false, sha256: true, md5: false },
        workers: "auto",
      }),
      onAliases: (aliases) => this.links.push(aliases),
      onChanged: () => this.changed++,
      onLost: () => this.lost++,
      log: new MemoryLog(),
      clock: systemClock,
      signal: this.stop.signal,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.follower[Symbol.asyncDispose]();
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

Deno.test("SourceFollower writes size and time first, then the hash", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  const { store, follower } = following;
  await Deno.writeTextFile(`${root.path}/file`, "text");
  await follower.look(["/file"]);
  const { size, sha256: none, firstSeen = 0 } = store.source.get("/file")!;
  assertEquals([size, none], [4, ""]);
  assert(Math.abs(systemClock.now() - firstSeen) < 3_600_000, `${firstSeen}`);
  await waitFor(() => store.source.get("/file")?.sha256 === sha256("text"), { what: "the hash" });
  // What is as before is left alone.
  const { length } = store.written;
  await follower.look(["/file"]);
  assertEquals([store.written.length, following.changed, following.lost], [length, 1, 0]);
  await Deno.remove(`${root.path}/file`);
  await follower.look(["/file", "/never"]);
  assertEquals(store.source.size, 0);
});

Deno.test("SourceFollower writes no hash of what a file was before", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  const { store, follower } = following;
  await Deno.writeTextFile(`${root.path}/file`, "old");
  await follower.look(["/file"]);
  await Deno.writeTextFile(`${root.path}/file`, "newer");
  await follower.look(["/file"]);
  await waitFor(() => store.source.get("/file")?.sha256 === sha256("newer"), { what: "the hash" });
  for (const { changed } of store.written) {
    for (const file of changed) {
      if (!("sha256" in file) || file.sha256 === "") continue;
      assertEquals([file.size, file.sha256], [5, sha256("newer")]);
    }
  }
});

Deno.test("SourceFollower looks into directories, and follows links that are switched", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  const { store, follower, links } = following;
  await Deno.mkdir(`${root.path}/1/deep`, { recursive: true });
  await Deno.mkdir(`${root.path}/2`);
  await Deno.writeTextFile(`${root.path}/1/deep/file`, "");
  await Deno.symlink("1", `${root.path}/current`);
  await Deno.symlink("current", `${root.path}/stable`);
  await Deno.symlink("/", `${root.path}/outside`);
  await follower.look(["/1", "/current", "/stable", "/outside"]);
  assertEquals([...store.source.keys()], ["/1/deep/file"]);
  assertEquals(Object.fromEntries(links.at(-1)!), { "/current": "/1", "/stable": "/1" });
  await Deno.symlink("2", `${root.path}/next`);
  await Deno.rename(`${root.path}/next`, `${root.path}/current`);
  await follower.look(["/next", "/current"]);
  assertEquals(Object.fromEntries(links.at(-1)!), { "/current": "/2", "/stable": "/2" });
  await Deno.remove(`${root.path}/current`);
  await follower.look(["/current"]);
  assertEquals(links.at(-1)!.size, 0);
  assertEquals(following.lost, 0);
});

Deno.test("SourceFollower leaves to a scan what single paths do not tell", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  following.store.source.set("/file", fakeFile("/file"));
  following.store.available = false;
  await following.follower.look(["/file"]);
  assertEquals(following.lost, 1);
  await using gone = new Following(`${root.path}/unmounted`);
  gone.store.source.set("/file", fakeFile("/file"));
  await gone.follower.look(["/file"]);
  assertEquals([gone.lost, gone.store.source.size], [1, 1]);
});

Deno.test("SourceFollower looks at what changed before it writes more hashes", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  const { store, follower } = following;
  const paths = Array.from({ length: 500 }, (_, index) => `/${index}`);
  for (const path of paths) await Deno.writeTextFile(root.path + path, "text");
  await Deno.writeTextFile(`${root.path}/late`, "late");
  const order: string[] = [];
  const write = store.updateSource.bind(store);
  store.updateSource = async (difference, signal) => {
    const { path = "", sha256: hash = "" } = difference.changed[0] as Partial<SourceFile>;
    order.push(path === "/late" ? "late" : hash === "" ? "looked" : "hashed");
    // Looks are asked for while there are hashes to write.
    if (order.at(-1) === "hashed" && !order.includes("late")) follower.look(["/late"]);
    await write(difference, signal);
  };
  await follower.look(paths);
  assertEquals(order, ["looked", "looked", "looked"]);
  await waitFor(() => store.source.get("/late")?.sha256 === sha256("late"), { what: "all hashes" });
  assertEquals(order.slice(3, 5), ["hashed", "late"]);
  for (const path of paths) assertEquals(store.source.get(path)?.sha256, sha256("text"));
});

Deno.test("SourceFollower leaves more paths to a scan than it keeps", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  await Deno.writeTextFile(`${root.path}/1`, "text");
  await following.follower.look(Array.from({ length: 20_001 }, (_, index) => `/${index}`));
  assertEquals([following.lost, following.store.source.size], [1, 0]);
  await following.follower.look(["/1"]);
  assertEquals([following.lost, following.store.source.size], [1, 1]);
});

Deno.test("SourceFollower keeps no more paths than that while a write does not end", async () => {
  await using root = await tempDir();
  await using following = new Following(root.path);
  const { store, follower } = following;
  const { promise, resolve } = Promise.withResolvers<void>();
  const update = store.updateSource.bind(store);
  let writing = false;
  store.updateSource = async (...args) => {
    writing = true;
    await promise;
    await update(...args);
  };
  await Deno.writeTextFile(`${root.path}/file`, "text");
  const first = follower.look(["/file"]);
  await waitFor(() => writing, { what: "the write to begin" });
  const looks = Array.from(
    { length: 5 },
    (_, round) => follower.look(Array.from({ length: 9_000 }, (_, index) => `/${round}-${index}`)),
  );
  assertEquals(follower.waiting, 20_001);
  assertEquals(following.lost, 0);
  resolve();
  await Promise.all([first, ...looks]);
  assertEquals([follower.waiting, following.lost], [0, 1]);
  assertEquals(store.source.get("/file")?.size, 4);
});

Deno.test("lookAtPaths() looks at so many paths, and at no more", async () => {
  await using root = await tempDir();
  for (let index = 0; index < 11; index++) await Deno.writeTextFile(`${root.path}/${index}`, "");
  const paths = Array.from({ length: 20_001 }, (_, index) => `/${index}`);
  assertEquals(lookAtPaths(root.path, paths), null);
  const seen = lookAtPaths(root.path, paths.slice(0, 20_000))!;
  assert(seen.length === 20_000);
  assertEquals(seen.filter(({ file }) => file !== null).length, 11);
});
