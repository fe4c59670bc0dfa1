import { assertEquals } from "@std/assert";
import { MergedLog } from "../../../lib/http/threads/merged_log.ts";
import { MemoryLog } from "../../support/memory_log.ts";

Deno.test("MergedLog tells what several threads ran into once, and what one says again as often", () => {
  const log = new MemoryLog();
  let now = 1;
  const merged = new MergedLog(log, () => now);
  const [one, two] = [merged.view(), merged.view()];
  one.error("The disk is full");
  two.error("The disk is full");
  one.error("The disk is full");
  two.warn("Something else");
  two.debug("open");
  one.debug("open");
  assertEquals(log.lines, [
    "error: The disk is full",
    "error: The disk is full",
    "warn: Something else",
    "debug: open",
    "debug: open",
  ]);
  now += 600_001;
  two.error("The disk is full");
  assertEquals(log.lines.length, 6);
});

Deno.test("MergedLog remembers a bounded number of lines", () => {
  const log = new MemoryLog();
  const merged = new MergedLog(log, () => 1);
  const [one, two] = [merged.view(), merged.view()];
  for (let i = 0; i < 1_100; i++) one.error(`${i}`);
  two.error("1099");
  assertEquals(log.lines.length, 1_100);
  two.error("0");
  assertEquals(log.lines.length, 1_101);
});
