import { assertEquals, assertThrows } from "@std/assert";
import type { SettingKind } from "../../lib/catalog/settings/setting_kind.ts";
import { AS_NUMBERS } from "../../lib/catalog/settings/as_numbers.ts";
import { choiceKind } from "../../lib/catalog/settings/choice.ts";
import { durationKind, quantityKind } from "../../lib/catalog/settings/number.ts";

function read<T>(kind: SettingKind<T>, text: string): T {
  return kind.read("Key", kind.parse(text));
}

Deno.test("a list of AS numbers takes commas, spaces and the prefix", () => {
  assertEquals(read(AS_NUMBERS, "AS4837, 24445 as4837"), [4837, 24445]);
  assertEquals(AS_NUMBERS.read("Key", [1, 4294967295]), [1, 4294967295]);
  assertEquals(AS_NUMBERS.read("Key", 7), [7]);
  for (const text of ["0", "4294967296", "-1", "1.5", "ASX", "AS", "1e3"]) {
    assertThrows(() => read(AS_NUMBERS, text), TypeError, "Key must be AS numbers such as");
  }
  assertThrows(() => AS_NUMBERS.read("Key", null), TypeError, "found null");
});

Deno.test("a quantity is a number, and shown in its unit", () => {
  const kind = quantityKind("bytes");
  assertEquals(read(kind, "25TB"), 25e12);
  assertEquals([kind.show(25e12), kind.show(0), kind.show(1023)], ["25TB", 0, 1023]);
  assertEquals(kind.show("25XB"), "25XB");
  for (const value of ["25XB", -1, 0.5, 2 ** 53, null, NaN]) {
    assertThrows(() => kind.read("MaxDay", value), TypeError, "MaxDay must be a number of bytes");
  }
});

Deno.test("a duration is a number or null: as configured", () => {
  const kind = durationKind("min");
  assertEquals([read(kind, "9h"), read(kind, "null"), read(kind, "")], [540, null, null]);
  assertEquals([kind.show(540), kind.show(null)], ["9h", null]);
  assertThrows(() => read(kind, "90s"), TypeError, "Key must be a duration such as 30m, 9h or 14d");
});

Deno.test("a choice is one of its words or null: as configured", () => {
  const kind = choiceKind("time", "size");
  assertEquals([read(kind, "SIZE"), read(kind, "~")], ["size", null]);
  assertThrows(() => read(kind, "sum"), TypeError, 'Key must be time, size or null, found "sum"');
});
