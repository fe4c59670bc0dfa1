import { assertEquals } from "@std/assert";
import { PendingRanges } from "../../lib/stats/pending_ranges.ts";

Deno.test("PendingRanges have room for what others leave of it", () => {
  const part = (path: string) => ({
    ...{ path, time: 1000, mirrorId: 1, size: 10, clientHash: "ab", hash: 1, country: "" },
  });
  const ranges = new PendingRanges(3);
  assertEquals(ranges.add(part("/a"), 60_000, 2), null);
  assertEquals(ranges.add(part("/b"), 60_000, 2), "dropped");
  assertEquals(ranges.add(part("/b"), 60_000, 1), null);
  assertEquals(ranges.total, 2);
});
