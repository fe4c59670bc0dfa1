import { assertEquals } from "@std/assert";
import { LagMeter } from "../../lib/stats/lag_meter.ts";
import { WorkTimes } from "../../lib/stats/work_times.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("LagMeter tells by how much its timer was late at most", () => {
  let [elapsed, ticks] = [0, 0];
  let tick = (): void => {};
  let stopped = false;
  using meter = new LagMeter({
    elapsed: () => elapsed,
    every: (milliseconds, action) => {
      assertEquals(milliseconds, 100);
      tick = action;
      ticks++;
      return { [Symbol.dispose]: () => stopped = true };
    },
  });
  const after = (milliseconds: number): void => {
    elapsed += milliseconds;
    tick();
  };
  // Nobody asked yet, and nothing runs.
  assertEquals(ticks, 0);
  assertEquals(meter.take(), 0);
  after(100);
  after(350);
  after(130);
  assertEquals(meter.take(), 250);
  after(99);
  assertEquals(meter.take(), 0);
  // The timer should have come by now.
  elapsed += 700;
  assertEquals(meter.take(), 600);
  assertEquals(ticks, 1);
  meter[Symbol.dispose]();
  assertEquals(stopped, true);
});

Deno.test("WorkTimes remember scans and checks, and not of more mirrors than they may", async () => {
  const clock = new FakeClock();
  const work = new WorkTimes(clock.elapsed, 2);
  const slow = async (): Promise<string> => {
    await clock.advance(1500);
    return "done";
  };
  const fails = async (): Promise<never> => {
    await clock.advance(500);
    throw new Error("No");
  };
  assertEquals(await work.scan(1, slow, () => true), "done");
  assertEquals(work.of(1), { scanSeconds: 1.5, scanFailures: 0, checkSeconds: null });
  await work.scan(1, fails, () => true).catch(() => {});
  await work.scan(1, fails, () => false).catch(() => {});
  await work.check(1, slow);
  assertEquals(work.of(1), { scanSeconds: 0.5, scanFailures: 1, checkSeconds: 1.5 });
  for (const id of [2, 3]) await work.check(id, slow);
  assertEquals([1, 2, 3].map((id) => work.of(id) !== null), [false, true, true]);
  work.keep(new Set([3]));
  assertEquals([2, 3].map((id) => work.of(id) !== null), [false, true]);
});
