import { assert, assertEquals, assertRejects } from "@std/assert";
import { WatchThread } from "../../lib/daemon/watch_thread.ts";
import type { GatheringEnd } from "../../lib/monitor/event_gatherer.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Whether the runtime tells when it has forgotten events; others may have, after so many. */
const TELLS = !/^2\.[5-8]\./.test(Deno.version.deno);

/** Far more than the runtime keeps for a thread that is busy. */
const FILES = 1000;

Deno.test("WatchThread names each of many files, whatever this thread does meanwhile", async () => {
  await using root = await tempDir();
  let round = 0;
  await waitFor(async () => {
    const told = new Set<string>();
    using thread = new WatchThread({
      onChange: (paths) => {
        for (const path of paths ?? []) told.add(path);
      },
      root: root.path,
      maximum: 1000,
    });
    await thread.watch([root.path]);
    const prefix = `/${++round}-`;
    for (let index = 0; index < FILES; index++) {
      Deno.writeTextFileSync(`${root.path}${prefix}${index}`, "text");
    }
    // Where the machine is so busy that the thread itself is kept waiting, it ends: then it may try again.
    let ended = false;
    void thread.ended.then(() => ended = true);
    await waitFor(() => ended || told.size === FILES, { what: "every file to be named" });
    return told.size === FILES || !TELLS;
  }, { what: "every file to be named in one round" });
});

Deno.test("WatchThread tells what keeps it from watching", async () => {
  await using root = await tempDir();
  const options = { onChange: () => {}, root: root.path, maximum: 10 };
  using thread = new WatchThread(options);
  await assertRejects(() => thread.watch([`${root.path}/none`]), Deno.errors.NotFound);
  await assertRejects(() => thread.ended, Deno.errors.NotFound);
});

Deno.test("WatchThread ends where more directories come than may be watched", async () => {
  await using root = await tempDir();
  let told = 0;
  using thread = new WatchThread({ onChange: () => told++, root: root.path, maximum: 2 });
  await thread.watch([root.path]);
  for (const name of ["a", "b", "c"]) await Deno.mkdir(`${root.path}/${name}`);
  assertEquals(await thread.ended, "others");
  assert(told > 0, "nothing was told");
});

Deno.test("WatchThread ends in a flood of changes", { ignore: !TELLS }, async () => {
  await using root = await tempDir();
  const told: (string | null)[] = [];
  using thread = new WatchThread({
    onChange: (paths) => void told.push(...paths ?? [null]),
    root: root.path,
    maximum: 10,
    loss: { events: 30, within: 60_000, silent: false },
  });
  let end: GatheringEnd | null = null;
  void thread.ended.then((why) => end = why);
  await thread.watch([root.path]);
  for (let index = 0; index < 200; index++) {
    await Deno.writeTextFile(`${root.path}/${index}`, "text");
  }
  await waitFor(() => end !== null, { what: "the end" });
  assertEquals(end, "flood");
  // Before it ends, it says what it knows.
  assert(told.includes("/0"), `${told}`);
});
