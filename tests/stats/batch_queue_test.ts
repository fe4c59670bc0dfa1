import { assert, assertEquals, assertRejects } from "@std/assert";
import { BatchQueue } from "../../lib/stats/batch_queue.ts";

Deno.test("BatchQueue keeps a batch and its ID together once the store may have it", async () => {
  const ids: (string | undefined)[] = [];
  let away = true;
  const queue = new BatchQueue({
    store: {
      addDownloads: (_batch, id) => {
        ids.push(id);
        return away ? Promise.reject(new Error("No answer")) : Promise.resolve();
      },
      forgetDownloads: () => Promise.resolve(),
    },
    journal: { path: "", adopt: () => [], replace: () => {}, [Symbol.dispose]: () => {} },
    ...{ limit: 1000, rangedLimit: 1000, batchSize: 1000 },
  });
  const batch = {
    day: "2026-01-02",
    files: new Map([["/a", 1]]),
    mirrors: new Map(),
    hours: new Map(),
    ranged: [],
  };
  queue.push(batch);
  await assertRejects(() => queue.writeFirst(), Error, "No answer");
  // So many are merged.
  for (let i = 0; i < 200; i++) queue.push(batch);
  assertEquals(queue.persist(), 0);
  away = false;
  await queue.writeFirst();
  assert(ids[0] !== undefined);
  assertEquals(ids, [ids[0], ids[0]]);
  assertEquals(queue.total, 200);
});
