import { assertEquals, assertStringIncludes } from "@std/assert";
import { Pressure } from "../../lib/process/pressure.ts";
import { MemoryLog } from "../support/memory_log.ts";

Deno.test("Pressure lasts a minute from the last sign of it, and is told once", () => {
  let time = 0;
  const log = new MemoryLog();
  const pressure = new Pressure({ elapsed: () => time, log });
  assertEquals(pressure.high, false);
  pressure.failed("Too many open files (os error 24)");
  time = 50_000;
  assertEquals(pressure.high, true);
  pressure.failed(
    new TypeError("fetch failed", { cause: new Error("EMFILE: too many open files") }),
  );
  time = 109_999;
  assertEquals(pressure.high, true);
  time = 110_000;
  assertEquals(pressure.high, false);
  assertEquals(log.lines.length, 2);
  assertStringIncludes(log.lines[1]!, "File descriptors suffice again");
});

Deno.test("Pressure begins above four fifths of the descriptors", () => {
  const log = new MemoryLog();
  const pressure = new Pressure({ elapsed: () => 0, log });
  pressure.inUse(800, 1000);
  pressure.inUse(1_000_000, Infinity);
  assertEquals(pressure.high, false);
  pressure.inUse(801, 1000);
  assertEquals(pressure.high, true);
  assertStringIncludes(log.lines[0]!, "801 of 1000 file descriptors are in use");
});

Deno.test("Pressure is no matter of what a mirror says, or of other errors", () => {
  const pressure = new Pressure({ elapsed: () => 0, log: new MemoryLog() });
  pressure.failed("connection refused");
  pressure.failed("421 Too many open files, try again");
  const circle: Error = new Error("one");
  circle.cause = circle;
  pressure.failed(circle);
  pressure.failed(null);
  assertEquals(pressure.high, false);
});
