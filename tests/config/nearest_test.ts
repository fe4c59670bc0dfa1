import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { nearest } from "../../lib/config/nearest.ts";

Deno.test("nearest() finds what was meant", () => {
  const keys = ["OutputMode", "Gzip", "RedisDB", "ScanInterval", "CheckInterval"];
  const cases: [string, string | null][] = [
    ["outputmode", "OutputMode"],
    ["OutputMdoe", "OutputMode"],
    ["OutptMode", "OutputMode"],
    ["GZip", "Gzip"],
    ["RedisDatabase", null],
    ["SacnInterval", "ScanInterval"],
    ["ChekInterval", "CheckInterval"],
    ["x", null],
    ["", null],
  ];
  for (const [word, meant] of cases) assertEquals(nearest(word, keys), meant, word);
  assertEquals(nearest("x", []), null);
});

Deno.test("nearest() finds a word itself", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (word) => {
    assertEquals(nearest(word, [`${word}${word}x`, word]), word);
  }));
});
