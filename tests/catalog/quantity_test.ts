import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { formatDuration, parseDuration } from "../../lib/catalog/duration.ts";
import { formatQuantity, parseQuantity } from "../../lib/catalog/quantity.ts";

Deno.test("parseQuantity() reads numbers and units, in any case", () => {
  const cases: [text: string, unit: "bytes" | "bits", value: number | null][] = [
    ["0", "bytes", 0],
    ["25TB", "bytes", 25e12],
    ["25 tb", "bytes", 25e12],
    ["1.5GiB", "bytes", 1.5 * 2 ** 30],
    ["0.1kB", "bytes", 100],
    ["7B", "bytes", 7],
    ["1Gbit", "bits", 1e9],
    ["1Gbit/s", "bits", 1e9],
    ["100mbit", "bits", 1e8],
    ["5bit", "bits", 5],
    ["1Gbit", "bytes", null],
    ["1GB", "bits", null],
    ["-1GB", "bytes", null],
    ["0.5", "bytes", null],
    ["1e3", "bytes", null],
    ["GB", "bytes", null],
    ["", "bytes", null],
    ["9007199254740992", "bytes", null],
    ["99999999PB", "bytes", null],
  ];
  for (const [text, unit, value] of cases) assertEquals(parseQuantity(text, unit), value, text);
});

Deno.test("formatQuantity() writes a quantity as it was given", () => {
  for (const text of ["25TB", "25TiB", "100MB", "1500GB", "1023", "0", "1KiB", "1kB"]) {
    assertEquals(formatQuantity(parseQuantity(text, "bytes")!, "bytes"), text);
  }
  for (const text of ["1Gbit", "100Mbit", "7", "1500kbit"]) {
    assertEquals(formatQuantity(parseQuantity(text, "bits")!, "bits"), text);
  }
});

Deno.test("parseDuration() reads numbers in the unit of their key, and words", () => {
  const cases: [text: string, unit: "ms" | "s" | "min", value: number | null][] = [
    ["30", "min", 30],
    ["90s", "s", 90],
    ["30m", "s", 1800],
    ["9h", "min", 540],
    ["14d", "min", 20160],
    ["2s", "ms", 2000],
    ["500ms", "ms", 500],
    ["1.5h", "min", 90],
    ["90s", "min", null],
    ["9 H", "min", 540],
    ["-1", "min", null],
    ["1w", "min", null],
    ["h", "min", null],
    ["", "s", null],
  ];
  for (const [text, unit, value] of cases) assertEquals(parseDuration(text, unit), value, text);
});

Deno.test("quantities and durations read back as what was written", () => {
  const value = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(fc.property(value, (number) => {
    for (const unit of ["bytes", "bits"] as const) {
      assertEquals(parseQuantity(formatQuantity(number, unit), unit), number);
    }
    for (const unit of ["ms", "s", "min"] as const) {
      const short = number % 10_000_000;
      assertEquals(parseDuration(formatDuration(short, unit), unit), short);
    }
  }));
});
