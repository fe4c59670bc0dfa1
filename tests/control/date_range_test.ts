import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { utcDay } from "../../lib/clock/utc_day.ts";
import { parseDateRange } from "../../lib/control/date_range.ts";
import { periodsOf } from "../../lib/stats/date_range.ts";

const NOW = Date.parse("2026-11-22T23:59:59Z");
const DAY = 86_400_000;

Deno.test("parseDateRange() takes today, in UTC, for what is not given", () => {
  assertEquals(parseDateRange(null, null, NOW), { start: "2026-11-22", end: "2026-11-22" });
  assertEquals(parseDateRange("2026-11-01", null, NOW), { start: "2026-11-01", end: "2026-11-22" });
  assertEquals(parseDateRange("2026-1-2", "2026-3-04", NOW), {
    start: "2026-01-02",
    end: "2026-03-04",
  });
});

Deno.test("parseDateRange() refuses what is no day, and ranges that run backwards", () => {
  for (
    const day of [
      "yesterday",
      "2026-02-30",
      "2026-13-01",
      "20261122",
      "2026-11-22T00:00",
      "0000-01-01",
      "",
    ]
  ) {
    assertThrows(() => parseDateRange(day, null, NOW), ControlError, "The start date");
    assertThrows(() => parseDateRange(null, day, NOW), ControlError, "The end date");
  }
  assertThrows(() => parseDateRange("2026-11-23", null, NOW), ControlError, "is after");
});

Deno.test("periodsOf() covers both ends with as few periods as there can be", () => {
  const cases: [start: string, end: string, periods: string[]][] = [
    ["2026-11-22", "2026-11-22", ["2026-11-22"]],
    ["2026-11-01", "2026-11-02", ["2026-11-01", "2026-11-02"]],
    ["2026-11-01", "2026-11-30", ["2026-11"]],
    [
      "2024-02-01",
      "2024-02-28",
      Array.from({ length: 28 }, (_, i) => utcDay(Date.UTC(2024, 1, i + 1))),
    ],
    ["2024-02-01", "2024-02-29", ["2024-02"]],
    ["2025-12-31", "2027-01-01", ["2025-12-31", "2026", "2027-01-01"]],
    ["2025-11-30", "2026-02-01", ["2025-11-30", "2025-12", "2026-01", "2026-02-01"]],
  ];
  for (const [start, end, periods] of cases) assertEquals(periodsOf({ start, end }), periods);
});

Deno.test("periodsOf() covers every day once, and no other", () => {
  const day = fc.integer({ min: 0, max: 40_000 });
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 1200 }), (first, length) => {
      const periods = periodsOf({
        start: utcDay(first * DAY),
        end: utcDay((first + length) * DAY),
      });
      for (let at = first - 1; at <= first + length + 1; at++) {
        const covering = periods.filter((period) => utcDay(at * DAY).startsWith(period)).length;
        if (covering !== (at >= first && at <= first + length ? 1 : 0)) return false;
      }
      return true;
    }),
    { numRuns: 50 },
  );
});
