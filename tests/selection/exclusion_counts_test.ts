import { assert, assertEquals } from "@std/assert";
import { ExclusionCounts } from "../../lib/selection/exclusion_counts.ts";

Deno.test("ExclusionCounts counts by type, and says nothing of mirrors that are hidden", () => {
  const counts = new ExclusionCounts();
  assertEquals(counts.take(), null);
  counts.add({ type: "networks" });
  assertEquals(counts.take(), null);
  for (const type of ["size", "disabled", "networks", "size"] as const) counts.add({ type });
  assertEquals(counts.take(), [10, 2, 0, 1]);
  assertEquals(counts.take(), null);
});

Deno.test("ExclusionCounts keeps a thousand different counts, and no more", () => {
  const counts = new ExclusionCounts();
  let total = 0;
  const next = (times: number) => {
    for (let i = 0; i < times; i++) counts.add({ type: "size" });
    total++;
    return counts.take();
  };
  const kept = Array.from({ length: 1000 }, (_, index) => next(index + 1));
  assertEquals([kept[6], total], [[10, 7], 1000]);
  assert(next(7) === kept[6]);
  assert(next(1000) === kept[999]);
  const beyond = next(1001);
  assertEquals(next(1001), beyond);
  assert(next(1001) !== beyond);
});
