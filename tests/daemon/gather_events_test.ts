import { assertEquals, assertThrows } from "@std/assert";
import { gatherEvents } from "../../lib/daemon/gather_events.ts";
import { WatchThread } from "../../lib/daemon/watch_thread.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("gatherEvents() starts no thread while too few descriptors are left", async () => {
  await using root = await tempDir();
  const options = { onChange: () => {}, root: root.path, maximum: 10 };
  assertThrows(() => gatherEvents(options, () => true), Error, "too many files are open");
  using gathering = gatherEvents(options, () => false);
  assertEquals(gathering instanceof WatchThread, true);
  await gathering.watch([root.path]);
});
