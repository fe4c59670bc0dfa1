import { assert, assertEquals } from "@std/assert";
import type { ContractCase } from "../store_contract.ts";
import { waitFor } from "../support/wait_for.ts";

/** Locks and the channel between nodes. */
export const lockCases: readonly ContractCase[] = [
  {
    name: "lock() is exclusive for each target",
    run: async ({ store }) => {
      await using source = await store.lock("source");
      await using first = await store.lock({ mirrorId: 1 });
      await using second = await store.lock({ mirrorId: 2 });
      assert(source && first && second);
      assertEquals(await store.lock("source"), null);
      assertEquals(await store.lock({ mirrorId: 1 }), null);
      assertEquals(await store.lock({ mirrorId: 2 }), null);
      for (const lock of [source, first, second]) assertEquals(lock.signal.aborted, false);
    },
  },
  {
    name: "lock() is free again once it was disposed of, and disposing twice does no harm",
    run: async ({ store }) => {
      const first = await store.lock({ mirrorId: 1 });
      assert(first);
      await first[Symbol.asyncDispose]();
      await using second = await store.lock({ mirrorId: 1 });
      assert(second);
      await first[Symbol.asyncDispose]();
      assertEquals(await store.lock({ mirrorId: 1 }), null);
      assertEquals(second.signal.aborted, false);
    },
  },
  {
    name: "lock() is given to one of many that ask at the same time",
    run: async ({ store }) => {
      const locks = await Promise.all(Array.from({ length: 10 }, () => store.lock("source")));
      const held = locks.filter((lock) => lock !== null);
      assertEquals(held.length, 1);
      await held[0]?.[Symbol.asyncDispose]();
    },
  },
  {
    name: "cluster messages reach every node, this one included, until the signal is aborted",
    run: async ({ store }) => {
      const { cluster } = store;
      if (cluster === null) return;
      const controller = new AbortController();
      const received = new Set<string>();
      const stopped: string[] = [];
      cluster.listen((message) => received.add(message), new AbortController().signal);
      cluster.listen((message) => stopped.push(message), controller.signal);
      await waitFor(async () => {
        await cluster.send("HELLO0 host-12345");
        return received.has("HELLO0 host-12345") && stopped.length > 0;
      }, { what: "a cluster message" });
      controller.abort();
      const before = stopped.length;
      await cluster.send("last");
      await waitFor(() => received.has("last"), { what: "the last message" });
      assertEquals(stopped.length, before);
    },
  },
];
