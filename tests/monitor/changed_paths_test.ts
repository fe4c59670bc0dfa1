import { assertEquals } from "@std/assert";
import { ChangedPaths } from "../../lib/monitor/changed_paths.ts";

Deno.test("ChangedPaths gives out at once what came, moved, went, or was closed", () => {
  const changed = new ChangedPaths();
  changed.note("/made", "create", 0);
  changed.note("/moved", "rename", 0);
  changed.note("/gone", "remove", 0);
  changed.note("/written", "create", 0);
  changed.note("/written", "modify", 0);
  changed.note("/written", "access", 0);
  changed.note("/read", "access", 0);
  assertEquals(changed.take(0).sort(), ["/gone", "/made", "/moved", "/written"]);
  assertEquals([changed.empty, changed.take(0)], [true, []]);
});

Deno.test("ChangedPaths lets a file wait alone that is being written", () => {
  const changed = new ChangedPaths(700);
  changed.note("/log", "create", 0);
  assertEquals(changed.take(100), ["/log"]);
  for (let time = 200; time < 60_000; time += 300) {
    changed.note("/log", "modify", time);
    changed.note(`/${time}`, "create", time);
    assertEquals(changed.take(time), [`/${time}`]);
  }
  // Not for ever.
  changed.note("/log", "modify", 60_200);
  assertEquals(changed.take(60_200), ["/log"]);
  changed.note("/log", "modify", 60_500);
  assertEquals(changed.take(61_199), []);
  assertEquals(changed.take(61_200), ["/log"]);
});

Deno.test("ChangedPaths keeps so many paths, and says that there were more", () => {
  const changed = new ChangedPaths(700, 10);
  for (let index = 0; index < 10; index++) changed.note(`/${index}`, "modify", 0);
  assertEquals(changed.takeOverflow(), false);
  changed.note("/more", "create", 0);
  assertEquals([changed.takeOverflow(), changed.takeOverflow(), changed.empty], [
    true,
    false,
    true,
  ]);
});
