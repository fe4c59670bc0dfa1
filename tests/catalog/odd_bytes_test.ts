import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodePath } from "../../lib/catalog/encode_path.ts";
import { decodeBytes, hasOddBytes, lossyName } from "../../lib/catalog/odd_bytes.ts";

const percent = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

Deno.test("decodeBytes() keeps bytes apart that are no UTF-8", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["caf%e9.txt", "caf\udce9.txt"],
    ["caf%C3%A9", "café"],
    ["%c3%28", "\udcc3("],
    ["%f0%9f%98%80%f0%9f%98", "😀\udcf0\udc9f\udc98"],
    ["%ED%B3%A9", "\udced\udcb3\udca9"],
    ["%c0%af%ff", "\udcc0\udcaf\udcff"],
    ["%ef%bf%bd", "\ufffd"],
    ["%EF%BB%BFa", "\ufeffa"],
    ["ü%80", "ü\udc80"],
  ];
  for (const [text, decoded] of cases) assertEquals(decodeBytes(text), decoded, text);
});

Deno.test("decodeBytes() is undone by encodePath(), and decodes text as all do", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    const decoded = decodeBytes(percent(bytes));
    const back = decodeBytes(encodePath(decoded));
    assertEquals(back, decoded);
    const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    assertEquals(lossyName(decoded), lossy);
    assertEquals(hasOddBytes(decoded), !decoded.isWellFormed());
    if (!lossy.includes("\ufffd")) assertEquals(decoded, lossy);
  }));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertEquals(decodeBytes(percent(new TextEncoder().encode(text))), text);
  }));
  assertEquals(encodePath("/caf\udce9/ü?"), "/caf%E9/%C3%BC%3F");
});
