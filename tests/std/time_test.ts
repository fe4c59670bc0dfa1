import { assert, assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";

Deno.test("FakeTime steps clocks and timers, and puts the real ones back", async () => {
  const real = { Date, setTimeout };
  const told: string[] = [];
  {
    using time = new FakeTime(1_000);
    setTimeout(() => told.push(`once at ${Date.now()}`), 50);
    const timer = setInterval(() => told.push(`again at ${time.now}`), 30);
    time.tick(29);
    assertEquals(told, []);
    time.tick(31);
    assertEquals(told, ["again at 1030", "once at 1050", "again at 1060"]);
    clearInterval(timer);
    assertEquals([time.start, time.now, new Date().getTime()], [1_000, 1_060, 1_060]);
    assert(!time.next(), "No timer is left");
  }
  assertEquals({ Date, setTimeout }, real);
  assert(Date.now() > 1_000_000);
  await Promise.resolve();
});

Deno.test("FakeTime lets what waits for promises go on", async () => {
  using time = new FakeTime(0);
  const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const seen: number[] = [];
  const running = (async () => {
    for (let round = 0; round < 3; round++) {
      await delay(10);
      seen.push(Date.now());
    }
  })();
  await time.tickAsync(25);
  assertEquals(seen, [10, 20]);
  assert(await time.nextAsync());
  assertEquals(seen, [10, 20, 30]);
  await running;
  assertEquals(await time.nextAsync(), false);
});
