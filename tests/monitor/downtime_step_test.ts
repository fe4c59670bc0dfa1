import { assertEquals } from "@std/assert";
import type { Downtime } from "../../lib/catalog/downtime.ts";
import { downtimeStep } from "../../lib/monitor/downtime_step.ts";

Deno.test("downtimeStep() begins and ends a plan on its time, and forgets what is of no use any more", () => {
  const plan: Downtime = { from: 100, until: 200, reason: "", started: false, by: "" };
  const steps = (downtime: Downtime | null, enabled: boolean) =>
    [99, 100, 199, 200].map((now) => downtimeStep({ downtime, enabled }, now));
  assertEquals(steps(null, true), [null, null, null, null]);
  // Whether it is enabled or not: it stays away on purpose then.
  for (const enabled of [true, false]) {
    assertEquals(steps(plan, enabled), [null, "begin", "begin", "forget"]);
  }
  const started = { ...plan, started: true };
  assertEquals(steps(started, false), [null, null, null, "end"]);
  assertEquals(steps(started, true), ["forget", "forget", "forget", "forget"]);
  assertEquals(steps({ ...started, until: null }, false), [null, null, null, null]);
});
