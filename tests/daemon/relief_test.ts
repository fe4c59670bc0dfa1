import { assertEquals, assertMatch } from "@std/assert";
import { Relief } from "../../lib/daemon/relief.ts";
import { Pressure } from "../../lib/process/pressure.ts";
import { MemoryLog } from "../support/memory_log.ts";

/** What {@linkcode setUp} can be given. */
interface SetUpOptions {
  /** What the system says of the descriptors. Default: nothing. */
  readonly descriptors?: () => { readonly lowest: number; readonly limit: number } | null;
  /** Ends a turn. Default: it is over at once. */
  readonly over?: Promise<void>;
}

/** A relief whose seconds are stepped. */
function setUp({ descriptors = () => null, over = Promise.resolve() }: SetUpOptions = {}) {
  let time = 0;
  const actions: [number, () => void][] = [];
  const pressure = new Pressure({ elapsed: () => time, log: new MemoryLog() });
  const turns: number[] = [];
  const warnings: string[] = [];
  const relief = new Relief({
    pressure,
    counter: { descriptors: () => Promise.resolve(descriptors()) },
    renew: [() => {
      turns.push(time);
      return over;
    }],
    warn: (message) => warnings.push(message),
    every: (milliseconds, action) => {
      actions.push([milliseconds, action]);
      return { [Symbol.dispose]: () => {} };
    },
  });
  const step = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      time += 1_000;
      for (const [every, action] of actions) if (time % every === 0) action();
      // What one turn began is over before the next.
      await new Promise((resolve) => resolve(null));
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { relief, pressure, turns, warnings, step };
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

Deno.test("Relief: a turn that takes longer than its time is waited for", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { relief, pressure, turns, step } = setUp({ over: promise });
  using _relief = relief;
  await relief.start();
  pressure.failed("Too many open files (os error 24)");
  await step(30);
  assertEquals(turns, [1_000]);
  resolve();
  await step(2);
  assertEquals(turns, [1_000, 32_000]);
});

Deno.test("Relief: a low limit is a warning, one that is enough is none", async () => {
  for (const [limit, warned] of [[1_024, 1], [8_191, 1], [8_192, 0], [Infinity, 0]] as const) {
    const { relief, warnings } = setUp({ descriptors: () => ({ lowest: 20, limit }) });
    using _relief = relief;
    await relief.start();
    assertEquals(warnings.length, warned, `${limit}`);
    if (warned > 0) assertMatch(warnings[0]!, new RegExp(`^Only ${limit} files may be open `));
  }
});

Deno.test("Relief: descriptors are counted, and few that are left are pressure", async () => {
  let lowest = 20;
  const { relief, pressure, turns, step } = setUp({
    descriptors: () => ({ lowest, limit: 10_000 }),
  });
  using _relief = relief;
  await relief.start();
  await step(10);
  lowest = 8_001;
  await step(5);
  assertEquals(pressure.high, true);
  lowest = 20;
  await step(70);
  assertEquals(pressure.high, false);
  assertEquals(turns.length, 6);
});
