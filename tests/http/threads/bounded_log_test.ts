import { assert, assertEquals } from "@std/assert";
import { boundedLog } from "../../../lib/http/threads/bounded_log.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("boundedLog() lets 500 lines of a second through, and says how many more there were", () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const log = boundedLog((level, message) => sent.push(`${level} ${message}`), clock);
  for (let i = 0; i < 100_000; i++) log.warn(`Trouble ${i}`);
  assertEquals([sent.length, sent.at(-1)], [500, "warn Trouble 499"]);
  clock.tick(1_000);
  assertEquals(sent.slice(500), [
    "warn 99500 lines of the log were dropped, since a thread had too much to say",
  ]);
  log.error("Another");
  clock.tick(10_000);
  assertEquals(sent.slice(501), ["error Another"]);
  assertEquals(clock.waiting, 0);
});

Deno.test("boundedLog() cuts lines", () => {
  const sent: string[] = [];
  boundedLog((_level, message) => sent.push(message), new FakeClock()).info("x".repeat(1e6));
  assertEquals(sent.map(({ length }) => length), [8193]);
});

Deno.test("boundedLog() lets fewer long lines of a second through", () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const log = boundedLog((_level, message) => sent.push(message), clock);
  for (let second = 1; second <= 2; second++) {
    for (let i = 0; i < 1000; i++) log.warn("x".repeat(5_000));
    assertEquals(sent.length, second * 41 - 1);
    clock.tick(1_000);
  }
  assertEquals(sent.at(-1)?.slice(0, 9), "960 lines");
});

Deno.test("boundedLog() sends no more to a thread that takes nothing in, and says so when it does", () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const log = boundedLog((_level, message) => sent.push(message), clock);
  const sizeOfAll = (): number => sent.reduce((sum, { length }) => sum + length, 0);
  for (let second = 0; second < 3_600; second++) {
    for (let i = 0; i < 100; i++) log.warn(`${second} ${"x".repeat(4_000)}`);
    clock.tick(1_000);
  }
  assert(sizeOfAll() > 900_000 && sizeOfAll() < 1_010_000, `${sizeOfAll()} characters wait`);
  const long = sent.length;
  const droppedBefore = sent.filter((line) => / lines of the log were dropped/.test(line));
  for (let i = 0; i < long; i++) log.taken();
  clock.tick(1_000);
  const [last, ...more] = sent.slice(long);
  assertEquals(more, []);
  // Every line was sent, or is counted.
  const dropped = [...droppedBefore, last ?? ""].reduce((sum, line) => sum + parseInt(line), 0);
  assertEquals(long - droppedBefore.length + dropped, 360_000);
  log.error("Another");
  assertEquals(sent.at(-1), "Another");
});

Deno.test("boundedLog() counts short lines for what they take", () => {
  const clock = new FakeClock();
  let sent = 0;
  const log = boundedLog(() => sent++, clock);
  for (let second = 0; second < 100; second++) {
    for (let i = 0; i < 500; i++) log.info("");
    clock.tick(1_000);
  }
  assertEquals(sent, 5_000);
});
