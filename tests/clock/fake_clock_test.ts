import { assertEquals } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a stepped clock does what is due, in order", async () => {
  const clock = new FakeClock(1000);
  const done: string[] = [];
  clock.after(20, () => done.push("late"));
  clock.after(10, () => done.push("early"));
  const every = clock.every(8, () => done.push(`every ${clock.elapsed()}`));
  clock.after(5, () => done.push("never"))[Symbol.dispose]();
  void clock.delay(20).then(() => done.push("waited"));
  await clock.advance(20);
  assertEquals(done, ["every 8", "early", "every 16", "late", "waited"]);
  every[Symbol.dispose]();
  clock.set(5);
  assertEquals([clock.now(), clock.elapsed(), clock.waiting], [5, 20, 0]);
});

for (
  const [name, clock] of [["a stepped", new FakeClock()], ["the system's", systemClock]] as const
) {
  Deno.test(`the waiting of ${name} clock ends with its signal`, async () => {
    const aborter = new AbortController();
    const waiting = clock.delay(1_000_000, aborter.signal);
    aborter.abort();
    await waiting;
    await clock.delay(1_000_000, aborter.signal);
  });
}
