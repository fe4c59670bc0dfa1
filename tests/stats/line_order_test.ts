import { assertEquals } from "@std/assert";
import { LineOrder } from "../../lib/stats/line_order.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** An order on a clock that is stepped. */
function orderOf(patience: number) {
  const clock = new FakeClock();
  const written: (readonly string[])[] = [];
  const order = new LineOrder({ clock, write: (blocks) => written.push(blocks), patience });
  return { clock, order, written };
}

Deno.test("LineOrder writes lines of several threads by their times", () => {
  const { clock, order, written } = orderOf(10);
  order.add(["00.2 b\n00.3 c", "00.7 g"]);
  order.add(["00.1 a\n00.6 f\n00.9 i"]);
  clock.tick(9);
  order.add(["00.8 h\n01.0 j"]);
  assertEquals(written, []);
  clock.tick(1);
  // What came just now may be followed by something earlier.
  const lines = written.flat().join("\n").split("\n");
  assertEquals(lines.map((line) => line.at(-1)).join(""), "abcfghi");
  clock.tick(8);
  assertEquals(written.length, 1);
  clock.tick(1);
  assertEquals([written[1], clock.waiting], [["01.0 j"], 0]);
});

Deno.test("LineOrder waits no longer for lines when the wall clock is set back", () => {
  const { clock, order, written } = orderOf(10);
  order.add(["2027-01-31 a"]);
  clock.set(clock.now() - 86_400_000);
  order.add(["2027-01-30 b"]);
  clock.tick(10);
  assertEquals(written.flat().join("\n").split("\n").sort(), ["2027-01-30 b", "2027-01-31 a"]);
});

Deno.test("LineOrder.flush() writes everything at once", () => {
  const { order, written } = orderOf(60_000);
  {
    using ordered = order;
    ordered.add([]);
    ordered.add(["2", "3"]);
    ordered.add(["1"]);
  }
  assertEquals(written, [["1\n2\n3"]]);
  order.flush();
  assertEquals(written.length, 1);
});

Deno.test("LineOrder hands on blocks that follow each other as they are", () => {
  const { order, written } = orderOf(200);
  order.add(["1 a\n2 b", "3 c"]);
  order.add(["3 c", "4 d\n5 e"]);
  order.flush();
  assertEquals(written, [["1 a\n2 b", "3 c", "3 c", "4 d\n5 e"]]);
});
