import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../cli/flags.ts";
import { readMoment } from "../../cli/read_moment.ts";

const NOW = Date.UTC(2026, 10, 30, 23, 30);

Deno.test("readMoment() reads times with a day, the next of a clock, and spans", () => {
  const cases: [text: string, time: number][] = [
    ["2026-12-01T02:00Z", Date.UTC(2026, 11, 1, 2)],
    ["2026-12-01T02:00:30+02:00", Date.UTC(2026, 11, 1, 0, 0, 30)],
    ["02:00", Date.UTC(2026, 11, 1, 2)],
    ["23:31", Date.UTC(2026, 10, 30, 23, 31)],
    ["23:30", Date.UTC(2026, 11, 1, 23, 30)],
    ["+2h", NOW + 7_200_000],
    ["+90", NOW + 90_000],
    ["+1d", NOW + 86_400_000],
  ];
  for (const [text, time] of cases) assertEquals(readMoment(text, NOW), time, text);
});

Deno.test("readMoment() refuses what is no time", () => {
  const wrong = ["", "soon", "24:00", "12:60", "2h", "2026-12-01", "2026-12-01T02:00", "+", "-2h"];
  for (const text of [...wrong, "2026-11-31T02:00Z", "2026-13-01T02:00Z"]) {
    assertThrows(() => readMoment(text, NOW), UsageError, text);
  }
});
