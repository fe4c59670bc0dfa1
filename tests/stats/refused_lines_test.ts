import { assertEquals, assertMatch } from "@std/assert";
import { RefusedLines } from "../../lib/stats/refused_lines.ts";
import { FakeClock } from "../support/fake_clock.ts";

function refusedLines() {
  const clock = new FakeClock();
  const written: string[] = [];
  const refused = new RefusedLines({
    clock,
    write: (blocks) => written.push(...blocks.join("\n").split("\n")),
  });
  return { clock, refused, written };
}

function lines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index}`);
}

Deno.test("RefusedLines write the first hundred of a second, and how many more there were", () => {
  const { clock, refused, written } = refusedLines();
  refused.add({ lines: lines(60), more: 0 });
  clock.tick(999);
  refused.add({ lines: lines(60), more: 5 });
  assertEquals(written.length, 100);
  clock.tick(1);
  assertEquals(written.length, 101);
  assertMatch(written.at(-1)!, /^2026\/11\/22 12:00:01\.000000 … 25 more refused$/);
  refused.add({ lines: lines(100), more: 0 });
  clock.tick(1000);
  assertEquals([written.length, clock.waiting], [201, 0]);
});

Deno.test("RefusedLines say how many more there were before they end", () => {
  const { refused, written, clock } = refusedLines();
  refused.add({ lines: [], more: 0 });
  assertEquals(clock.waiting, 0);
  refused.add({ lines: [], more: 3 });
  refused[Symbol.dispose]();
  assertEquals([written.length, clock.waiting], [1, 0]);
  assertMatch(written[0]!, /… 3 more refused$/);
});
