import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes";

Deno.test("concat() puts bytes into a new array, in their order", () => {
  assertEquals(concat([]), new Uint8Array());
  const first = new Uint8Array([1, 2]);
  const all = concat([first, new Uint8Array(), new Uint8Array([3, 4, 5]).subarray(1)]);
  assertEquals(all, new Uint8Array([1, 2, 4, 5]));
  const copy = concat([first]);
  assertEquals(copy, first);
  assert(copy.buffer !== first.buffer, "nothing is shared");
});
