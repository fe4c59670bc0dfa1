import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeBatches } from "../../lib/store/redis/write_batches.ts";

const ITEMS = Array.from({ length: 1000 }, (_, index) => index);
const texts = (item: number): string[] => [`${item}`, "x"];
const never = new AbortController().signal;

Deno.test("writeBatches() sends a little at a time, two at once at most, until all is written", async () => {
  const written: number[] = [];
  let running = 0;
  let most = 0;
  await writeBatches(ITEMS, texts, never, async (batch, items) => {
    // Redis does one command after the other, so each must be short.
    assert(items.length <= 100, `${items.length} items`);
    assertEquals(JSON.parse(batch), [items.map(String), items.map(() => "x")]);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 0));
    running--;
    const some = items.slice(0, Math.ceil(items.length / 2));
    written.push(...some);
    return some.length;
  });
  assertEquals(written.toSorted((a, b) => a - b), ITEMS);
  assertEquals(most, 2);
});

Deno.test("writeBatches() ends between two batches, or with the first that fails", async () => {
  const stop = new AbortController();
  const asked: number[] = [];
  await assertRejects(
    () =>
      writeBatches(ITEMS, texts, stop.signal, (_, items) => {
        if (asked.push(items[0]!) === 3) stop.abort(new Error("Enough"));
        return Promise.resolve(items.length);
      }),
    Error,
    "Enough",
  );
  assert(asked.length <= 4, `${asked.length} batches`);
  let failures = 0;
  const fails = (): Promise<number> => {
    failures++;
    return Promise.reject(new Error("Away"));
  };
  await assertRejects(() => writeBatches(ITEMS, texts, never, fails), Error, "Away");
  assert(failures <= 3, `${failures} failures`);
});
