import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatGoTime,
  formatJsonTime,
  parseGoTime,
  parseJsonTime,
  UNKNOWN_TIME,
} from "../../lib/store/redis/go_time.ts";

const TIME = Date.UTC(2026, 10, 22, 14, 4, 5);

Deno.test("parseGoTime() reads every way in which Go prints a time", () => {
  const cases: [string, number | null][] = [
    ["2026-11-22 14:04:05 +0000 UTC", TIME],
    ["2026-11-22 14:04:05.5 +0000 UTC", TIME + 500],
    ["2026-11-22 14:04:05.05 +0000 UTC", TIME + 50],
    ["2026-11-22 14:04:05.999999999 +0000 UTC", TIME + 999],
    ["2026-11-22 14:04:05.000999999 +0000 UTC", TIME],
    ["2026-11-22 15:04:05.5 +0100 CET", TIME + 500],
    ["2026-11-22 10:34:05 -0330 NST", TIME],
    ["2026-11-22 11:04:05 -0300 -03", TIME],
    ["2026-11-22 19:49:05 +0545 +0545", TIME],
    ["2026-11-22 15:04:05 +0100", TIME],
    ["2026-11-22 15:04:05.25 +0100 CET m=+0.123456789", TIME + 250],
    ["2026-11-22 15:04:05.25 +0100 CET m=-12.5", TIME + 250],
    ["1969-12-31 23:59:58.5 +0000 UTC", -1500],
    ["0099-01-01 00:00:00 +0000 UTC", new Date("0099-01-01T00:00:00Z").getTime()],
    [UNKNOWN_TIME, null],
    ["0001-01-01 00:09:21 +0009 LMT", null],
    ["0000-12-31 19:03:58 -0456 LMT", null],
    ["", null],
    ["2026-11-22", null],
    ["2026-11-22T14:04:05Z", null],
    ["2026-13-01 00:00:00 +0000 UTC", null],
    ["2026-02-30 00:00:00 +0000 UTC", null],
    ["2026-02-28 24:00:00 +0000 UTC", null],
    ["1700000000", null],
  ];
  for (const [text, time] of cases) assertEquals(parseGoTime(text), time, text);
});

Deno.test("formatGoTime() writes UTC, with a fraction only as long as needed", () => {
  const cases: [number | null, string][] = [
    [TIME, "2026-11-22 14:04:05 +0000 UTC"],
    [TIME + 5000, "2026-11-22 14:04:10 +0000 UTC"],
    [TIME + 500, "2026-11-22 14:04:05.5 +0000 UTC"],
    [TIME + 50, "2026-11-22 14:04:05.05 +0000 UTC"],
    [TIME + 678, "2026-11-22 14:04:05.678 +0000 UTC"],
    [TIME + 0.9, "2026-11-22 14:04:05 +0000 UTC"],
    [0, "1970-01-01 00:00:00 +0000 UTC"],
    [-1500, "1969-12-31 23:59:58.5 +0000 UTC"],
    [null, UNKNOWN_TIME],
    [NaN, UNKNOWN_TIME],
    [Date.UTC(10_000, 0, 1), UNKNOWN_TIME],
    [9e15, UNKNOWN_TIME],
  ];
  for (const [time, text] of cases) assertEquals(formatGoTime(time), text);
});

const anyTime = fc.integer({
  min: new Date("0002-01-01T00:00:00Z").getTime(),
  max: Date.UTC(9999, 11, 31, 23, 59, 59, 999),
});

Deno.test("parseGoTime() reads what formatGoTime() writes", () => {
  fc.assert(fc.property(anyTime, (time) => assertEquals(parseGoTime(formatGoTime(time)), time)));
});

Deno.test("parseGoTime() gives the same time in every zone and with every fraction", () => {
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  const zone = fc.constantFrom("UTC", "CET", "+0100", "-03", "ACWST");
  const nanoseconds = fc.integer({ min: 0, max: 999_999 });
  const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
  fc.assert(fc.property(
    seconds,
    fc.integer({ min: 0, max: 999 }),
    nanoseconds,
    offset,
    zone,
    (seconds, milliseconds, nanoseconds, offset, zone) => {
      const time = seconds * 1000 + milliseconds;
      const local = new Date(seconds * 1000 + offset * 60_000).toISOString();
      const digits = (milliseconds * 1_000_000 + nanoseconds).toString().padStart(9, "0");
      const fraction = `.${digits}`.replace(/\.?0+$/, "");
      const sign = offset < 0 ? "-" : "+";
      const hours = `${Math.floor(Math.abs(offset) / 60)}`.padStart(2, "0");
      const minutes = `${Math.abs(offset) % 60}`.padStart(2, "0");
      const text = `${local.slice(0, 10)} ${local.slice(11, 19)}${fraction} ` +
        `${sign}${hours}${minutes} ${zone}`;
      assertEquals(parseGoTime(text), time, text);
    },
  ));
});

Deno.test("parseGoTime() takes any text without failing", () => {
  fc.assert(fc.property(fc.string(), (text) => assertEquals(parseGoTime(`x${text}`), null)));
});

Deno.test("parseJsonTime() reads RFC 3339 with any fraction and zone", () => {
  const cases: [unknown, number | null][] = [
    ["2026-11-22T14:04:05Z", TIME],
    ["2026-11-22T14:04:05.123456789Z", TIME + 123],
    ["2026-11-22T15:04:05.1+01:00", TIME + 100],
    ["2026-11-22T10:34:05.999999999-03:30", TIME + 999],
    ["2026-11-22 14:04:05", null],
    ["", null],
    [undefined, null],
    [5, null],
  ];
  for (const [text, time] of cases) assertEquals(parseJsonTime(text), time);
});

Deno.test("parseJsonTime() reads what formatJsonTime() writes", () => {
  assertEquals(formatJsonTime(TIME), "2026-11-22T14:04:05Z");
  assertEquals(formatJsonTime(TIME + 120), "2026-11-22T14:04:05.12Z");
  fc.assert(
    fc.property(anyTime, (time) => assertEquals(parseJsonTime(formatJsonTime(time)), time)),
  );
});
