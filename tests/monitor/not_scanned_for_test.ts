import { assertEquals } from "@std/assert";
import { notScannedFor } from "../../lib/monitor/not_scanned_for.ts";
import { fakeMirror } from "../support/fake_store.ts";

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

Deno.test("notScannedFor() tells what is older than the operator allows, coarsely", () => {
  const age = (minutes: number, own: number | null, configured: number): number => {
    const lastSuccessfulSync = NOW - minutes * MINUTE;
    const mirror = fakeMirror({ lastSuccessfulSync, maxScanAge: own });
    return notScannedFor(mirror, { maxScanAge: configured }, NOW) / MINUTE;
  };
  assertEquals(age(100_000, null, 0), 0, "no limit");
  assertEquals(age(1440, null, 1440), 0);
  assertEquals(age(1441, null, 1440), 1440);
  assertEquals(age(1499, null, 1440), 1440);
  assertEquals(age(1500, null, 1440), 1500);
  assertEquals(age(59, null, 15), 50);
  assertEquals(age(6, null, 5), 1);
  assertEquals(age(1000, 0, 60), 0, "the mirror's own limit wins");
  assertEquals(age(1000, 60, 0), 960);
  const never = fakeMirror({ lastSuccessfulSync: null });
  assertEquals(notScannedFor(never, { maxScanAge: 1 }, NOW), 0);
});
