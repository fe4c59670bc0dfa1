import { assertEquals } from "@std/assert";
import { HttpFeed } from "../../../lib/http/threads/feed.ts";
import type { ControlMessage } from "../../../lib/http/threads/messages.ts";
import { type StoreChange, StoreUnavailableError } from "../../../lib/store/store.ts";
import { fakeMirror } from "../../support/fake_store.ts";
import { MemoryLog } from "../../support/memory_log.ts";

Deno.test("HttpFeed tells of a mirror whose reading failed once the store is back", async () => {
  const told: ControlMessage<never>[] = [];
  const mirror = fakeMirror({ id: 7 });
  let away = false;
  let reads = 0;
  let change: (change: StoreChange) => void = () => {};
  const feed = new HttpFeed({
    store: {
      watch: (listener) => void (change = listener),
      mirrors: () => Promise.resolve([]),
      mirror: () => {
        reads++;
        return away ? Promise.reject(new StoreUnavailableError("Away")) : Promise.resolve(mirror);
      },
    },
    send: (message) => told.push(message),
    log: new MemoryLog(),
    clock: { now: () => 0, every: () => ({ [Symbol.dispose]() {} }) },
    checkInterval: () => 1,
  });
  await feed.start(new AbortController().signal);
  away = true;
  change({ type: "mirror", id: 7 });
  while (reads === 0) await Promise.resolve();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assertEquals(told.map(({ type }) => type), ["mirrors"]);
  away = false;
  // Any other news makes it try again.
  change({ type: "mirror", id: 8 });
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  assertEquals(told.slice(1).map(({ type }) => type), ["mirror", "mirror"]);
  assertEquals(reads, 3);
});

Deno.test("HttpFeed reads all mirrors with the next news where that failed", async () => {
  const told: ControlMessage<never>[] = [];
  let away = true;
  let change: (change: StoreChange) => void = () => {};
  const feed = new HttpFeed({
    store: {
      watch: (listener) => void (change = listener),
      mirrors: () =>
        away
          ? Promise.reject(new StoreUnavailableError("Away"))
          : Promise.resolve([fakeMirror({ id: 7 })]),
      mirror: () => Promise.reject(new Error("It is among all")),
    },
    send: (message) => told.push(message),
    log: new MemoryLog(),
    clock: { now: () => 0, every: () => ({ [Symbol.dispose]() {} }) },
    checkInterval: () => 1,
  });
  await feed.start(new AbortController().signal);
  assertEquals(told, []);
  away = false;
  change({ type: "mirror", id: 8 });
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  assertEquals(told.map(({ type }) => type), ["mirrors"]);
});
