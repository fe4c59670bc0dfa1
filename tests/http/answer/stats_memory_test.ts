import { assertEquals } from "@std/assert";
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
  const keys = Array.from({ length: 65 }, (_, i) => `${i}`);
  await Promise.all(keys.map((key) => memory.of(key, 0, read)));
  assertEquals([most, reads], [1, 65]);
  assertEquals(await memory.of("64", 0, read), 65);
  // The oldest was forgotten.
  assertEquals(await memory.of("0", 0, read), 66);
});
