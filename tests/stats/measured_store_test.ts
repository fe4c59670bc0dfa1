import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Tracing } from "../../lib/log/tracing.ts";
import { measuredStore } from "../../lib/stats/measured_store.ts";
import { NoSuchMirrorError, StoreUnavailableError } from "../../lib/store/store.ts";

class Example implements AsyncDisposable {
  #secret = "from within";
  disposed = false;
  get available(): boolean {
    return this.#secret !== "";
  }
  mirrors(): Promise<string> {
    return Promise.resolve(this.#secret);
  }
  lookup(): string {
    return this.#secret;
  }
  fail(error: Error): Promise<never> {
    return Promise.reject(error);
  }
  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

Deno.test("measuredStore() measures what has to be waited for, and changes nothing else", async () => {
  let time = 0;
  const calls: (readonly [number, boolean])[] = [];
  const example = new Example();
  {
    await using store = measuredStore(
      example,
      () => time += 10,
      (milliseconds, failed) => calls.push([milliseconds, failed]),
    );
    assertEquals(await store.mirrors(), "from within");
    assertEquals(store.lookup(), "from within");
    assertEquals(store.available, true);
    assert(store instanceof Example);
    assertEquals(store.mirrors, store.mirrors);
    await assertRejects(() => store.fail(new StoreUnavailableError("away")));
    await assertRejects(() => store.fail(new NoSuchMirrorError(1)));
  }
  assert(example.disposed);
  assertEquals(calls.slice(0, 3), [[10, false], [10, true], [10, false]]);
});

Deno.test("measuredStore() tells of each call that has to be waited for as a span", async () => {
  const told: string[] = [];
  const tracing: Tracing = {
    begin: (name) => ({ end: (error) => void told.push(`${name}: ${error ?? "well"}`) }),
    span: (_name, _facts, action) => action(),
  };
  const store = measuredStore(new Example(), () => 0, () => {}, tracing);
  await store.mirrors();
  store.lookup();
  await assertRejects(() => store.fail(new StoreUnavailableError("away")));
  await assertRejects(() => store.fail(new NoSuchMirrorError(1)));
  assertEquals(told, [
    "store mirrors: well",
    "store fail: StoreUnavailableError: away",
    "store fail: well",
  ]);
});
