import { assertEquals } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { EventGatherer } from "../../lib/monitor/event_gatherer.ts";
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
