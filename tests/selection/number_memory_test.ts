import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { NumberMemory } from "../../lib/selection/number_memory.ts";

Deno.test("NumberMemory.at() gives back what add() was given, however long the lists are", () => {
  const lists = fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.array(fc.double(), { minLength: 1, maxLength: 30 }) },
      fc.integer({ min: 8180, max: 8200 }).map((length) => Array.from({ length }, (_, i) => i)),
      fc.constant(Array.from({ length: 20_000 }, (_, i) => -i)),
    ),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(fc.property(lists, (all) => {
    const memory = new NumberMemory();
    const places = all.map((numbers) => memory.add(numbers));
    assertEquals(new Set(places).size, all.length);
    for (const [list, numbers] of all.entries()) {
      assertEquals(numbers.map((_, index) => memory.at(places[list]!, index)), numbers);
    }
  }));
});
