import { assertEquals } from "@std/assert";
import { LineOrder } from "../../lib/stats/line_order.ts";
import { waitFor } from "../support/wait_for.ts";

/** An order on a clock that is set by hand. */
function orderOf(patience: number) {
  const clock = { now: 0 };
  const written: string[][] = [];
  const order = new LineOrder({
    now: () => clock.now,
    write: (blocks) => written.push(blocks.join("\n").split("\n")),
    patience,
  });
  return { clock, order, written };
}

Deno.test("LineOrder writes lines of several threads by their times", async () => {
  const { clock, order, written } = orderOf(1);
  order.add(["00.2 b\n00.3 c", "00.7 g"]);
  order.add(["00.1 a\n00.6 f\n00.9 i"]);
  clock.now = 5;
  order.add(["00.8 h\n01.0 j"]);
  await waitFor(() => written.length > 0, { what: "the first lines" });
  // What came just now may be followed by something earlier.
  assertEquals(written.flat().map((line) => line.at(-1)).join(""), "abcfghi");
  clock.now = 10;
  await waitFor(() => written.length === 2, { what: "the rest" });
  assertEquals(written[1], ["01.0 j"]);
});

Deno.test("LineOrder.flush() writes everything at once", () => {
  const { order, written } = orderOf(60_000);
  {
    using ordered = order;
    ordered.add([]);
    ordered.add(["2", "3"]);
    ordered.add(["1"]);
  }
  assertEquals(written, [["1", "2", "3"]]);
  order.flush();
  assertEquals(written.length, 1);
});

Deno.test("LineOrder hands on blocks that follow each other as they are", () => {
  const written: (readonly string[])[] = [];
  const order = new LineOrder({ now: () => 0, write: (blocks) => written.push(blocks) });
  order.add(["1 a\n2 b", "3 c"]);
  order.add(["3 c", "4 d\n5 e"]);
  order.flush();
  assertEquals(written, [["1 a\n2 b", "3 c", "3 c", "4 d\n5 e"]]);
});
