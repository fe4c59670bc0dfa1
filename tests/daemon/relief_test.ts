import { assertEquals } from "@std/assert";
import { Relief } from "../../lib/daemon/relief.ts";
import { Pressure } from "../../lib/process/pressure.ts";
import { MemoryLog } from "../support/memory_log.ts";

/** A relief whose seconds are stepped. */
function setUp() {
  let time = 0;
  const actions: [number, () => void][] = [];
  const pressure = new Pressure({ elapsed: () => time, log: new MemoryLog() });
  const turns: number[] = [];
  const relief = new Relief({
    pressure,
    counter: { descriptors: () => Promise.resolve(null) },
    renew: [() => {
      turns.push(time);
      return Promise.resolve();
    }],
    warn: () => {},
    every: (milliseconds, action) => {
      actions.push([milliseconds, action]);
      return { [Symbol.dispose]: () => {} };
    },
  });
  const step = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      time += 1_000;
      for (const [, action] of actions) action();
      // What one turn began is over before the next.
      await new Promise((resolve) => resolve(null));
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { relief, pressure, turns, step };
}

Deno.test("Relief: one lets go every ten seconds, as long as there is pressure", async () => {
  const { relief, pressure, turns, step } = setUp();
  using _relief = relief;
  await relief.start();
  await step(5);
  assertEquals(turns, []);
  pressure.failed("Too many open files (os error 24)");
  await step(90);
  assertEquals(turns, [6, 16, 26, 36, 46, 56].map((second) => second * 1_000));
});
