import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { DirectoryWatchers } from "../../lib/monitor/directory_watchers.ts";
import { EventGatherer, type GatheringEnd } from "../../lib/monitor/event_gatherer.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

Deno.test("EventGatherer tells nothing of what is not below its root", async () => {
  await using root = await tempDir();
  // As the runtime does, which hands on what was watched before; of names as long, and that begin alike.
  const others = [`${root.path.slice(0, -1)}=`, `${root.path}-2`];
  try {
    for (const other of others) await Deno.mkdir(other);
    const told: (string | null)[] = [];
    using gatherer = new EventGatherer({
      root: root.path,
      maximum: 10,
      quiet: 20,
      clock: systemClock,
      onChange: (paths) => void told.push(...paths ?? [null]),
    });
    await gatherer.watch([root.path, ...others]);
    for (const other of others) await Deno.writeTextFile(`${other}/file`, "");
    await Deno.writeTextFile(`${root.path}/last`, "");
    await waitFor(() => told.includes("/last"), { what: "the change to be told" });
    assertEquals(told, ["/last"]);
  } finally {
    for (const other of others) await Deno.remove(other, { recursive: true });
  }
});

Deno.test("EventGatherer gives up in a flood of changes, and tells what it knows of them", async () => {
  await using root = await tempDir();
  const told: (string | null)[] = [];
  using gatherer = new EventGatherer({
    root: root.path,
    maximum: 10,
    // Nothing is told but at the end.
    quiet: 60_000,
    loss: { events: 30, within: 60_000, silent: false },
    clock: { ...systemClock, after: () => ({ [Symbol.dispose]: () => {} }) },
    onChange: (paths) => void told.push(...paths ?? [null]),
  });
  let end: GatheringEnd | null = null;
  void gatherer.ended.then((why) => end = why);
  await gatherer.watch([root.path]);
  for (let index = 0; index < 200; index++) {
    await Deno.writeTextFile(`${root.path}/${index}`, "text");
  }
  await waitFor(() => end !== null, { what: "the end" });
  assertEquals(end, "flood");
  assert(told.includes("/0"), `${told}`);
  assert(!told.includes(null) && !told.includes("/199"), `${told}`);
});

Deno.test("EventGatherer gives up where the queue of the system may have been full", async () => {
  await using root = await tempDir();
  let time = 0;
  // Never too many in a moment: one in so many milliseconds.
  let pace = 1.5;
  using gatherer = new EventGatherer({
    root: root.path,
    maximum: 10,
    loss: { events: 1000, within: 1000, queue: 30, silent: false },
    clock: { ...systemClock, elapsed: () => time += pace },
    onChange: (paths) => paths?.forEach((path) => told.add(path)),
  });
  const told = new Set<string>();
  let end: GatheringEnd | null = null;
  void gatherer.ended.then((why) => end = why);
  await gatherer.watch([root.path]);
  const write = async (name: string): Promise<void> => {
    for (let index = 0; index < 100; index++) {
      await Deno.writeTextFile(`${root.path}/${name}${index}`, "text");
    }
  };
  await write("slow");
  await waitFor(() => told.has("/slow99"), { what: "all of what is slow to be told" });
  assertEquals(end, null);
  pace = 0.5;
  await write("fast");
  await waitFor(() => end !== null, { what: "the end" });
  assertEquals(end, "flood");
});

Deno.test("DirectoryWatchers tells of an event once, whoever watches around it", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/below`);
  const told: string[] = [];
  using watchers = new DirectoryWatchers({
    onEvent: ({ kind, paths }) => {
      if (kind === "create") told.push(...paths.map((path) => path.slice(root.path.length)));
    },
  });
  watchers.add([root.path]);
  watchers.add([`${root.path}/below`]);
  for (const name of ["/below/1", "/2", "/below/3", "/below/last", "/last"]) {
    await Deno.writeTextFile(root.path + name, "");
  }
  await waitFor(() => told.includes("/last") && told.includes("/below/last"), {
    what: "the last of both to be told",
  });
  assertEquals(told.sort(), ["/2", "/below/1", "/below/3", "/below/last", "/last"]);
});
