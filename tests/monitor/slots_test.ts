import { assertEquals, assertRejects } from "@std/assert";
import { Slots } from "../../lib/monitor/slots.ts";

const forever = new AbortController().signal;

Deno.test("Slots serves who waits in order", async () => {
  const slots = new Slots(() => 1);
  const first = await slots.take(forever);
  const order: string[] = [];
  const second = slots.take(forever).then((slot) => (order.push("second"), slot));
  const third = slots.take(forever).then((slot) => (order.push("third"), slot));
  assertEquals(slots.tryTake(), null);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  assertEquals(order, ["second", "third"]);
  slots.tryTake()![Symbol.dispose]();
});

Deno.test("Slots lets who is aborted leave the queue", async () => {
  const slots = new Slots(() => 1);
  const first = slots.tryTake()!;
  const stop = new AbortController();
  const waiting = slots.take(stop.signal);
  stop.abort(new Error("Enough"));
  await assertRejects(() => waiting, Error, "Enough");
  await assertRejects(() => slots.take(stop.signal), Error, "Enough");
  first[Symbol.dispose]();
  slots.tryTake()![Symbol.dispose]();
});

Deno.test("Slots follows a limit that changes", async () => {
  let limit = 1;
  const slots = new Slots(() => limit);
  const taken = [slots.tryTake()!];
  const waiting = slots.take(forever);
  limit = 3;
  slots.serve();
  taken.push(await waiting, slots.tryTake()!);
  limit = 2;
  taken.pop()![Symbol.dispose]();
  assertEquals(slots.tryTake(), null);
  taken.pop()![Symbol.dispose]();
  taken.push(slots.tryTake()!);
});

Deno.test("Slots takes a slot back once, however often it is given", () => {
  const slots = new Slots(() => 1);
  const slot = slots.tryTake()!;
  slot[Symbol.dispose]();
  slot[Symbol.dispose]();
  using _only = slots.tryTake()!;
  assertEquals(slots.tryTake(), null);
});
