import { assertEquals, assertRejects } from "@std/assert";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { StatsMemory } from "../../../lib/http/answer/stats_memory.ts";

Deno.test("StatsMemory reads one thing at a time, and remembers a bounded number", async () => {
  const memory = new StatsMemory();
  let running = 0;
  let most = 0;
  let reads = 0;
  const read = async (): Promise<number> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 0));
    running--;
    return ++reads;
  };
  for (let i = 0; i < 65; i += 5) {
    await Promise.all([0, 1, 2, 3, 4].map((j) => memory.of(`${i + j}`, 0, read)));
  }
  assertEquals([most, reads], [1, 65]);
  assertEquals(await memory.of("64", 0, read), 65);
  // The oldest was forgotten.
  assertEquals(await memory.of("0", 0, read), 66);
});

Deno.test("StatsMemory refuses when too many wait, and goes on afterwards", async () => {
  const memory = new StatsMemory();
  const { promise, resolve } = Promise.withResolvers<number>();
  const waiting = Array.from({ length: 32 }, (_, i) => memory.of(`${i}`, 0, () => promise));
  await assertRejects(() => memory.of("more", 0, () => 1), StoreUnavailableError, "Too many");
  resolve(7);
  assertEquals(await Promise.all(waiting), Array(32).fill(7));
  await memory.of("31", 0, () => 0);
  await new Promise((done) => setTimeout(done, 0));
  assertEquals(await memory.of("more", 0, () => 1), 1);
});
