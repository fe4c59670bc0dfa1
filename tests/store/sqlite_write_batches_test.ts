import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Connection } from "../../lib/store/sqlite/connection.ts";
import { writeBatches } from "../../lib/store/sqlite/write_batches.ts";

/** How many of these items each transaction takes, by this clock. */
async function transactions(count: number, now: () => number): Promise<number[]> {
  using connection = new Connection(new DatabaseSync(":memory:"), ":memory:");
  const items = Array.from({ length: count }, (_, index) => index);
  const sizes: number[] = [];
  const written: number[] = [];
  await writeBatches(connection, items, (some) => written.push(...some), {
    now,
    committed: (some) => sizes.push(some.length),
  });
  assertEquals(written, items);
  return sizes;
}

Deno.test("writeBatches() closes a transaction when its time is over, or it has enough items", async () => {
  let time = 0;
  // Each look at the clock finds it a millisecond later.
  assertEquals(await transactions(1000, () => time++), [200, 200, 200, 200, 200]);
  assertEquals(await transactions(5000, () => 0), [4000, 1000]);
  assertEquals(await transactions(1, () => 0), [1]);
});
