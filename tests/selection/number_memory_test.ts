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
    const memory = new NumberMemory(Float64Array);
    const places = all.map((numbers) => memory.add(numbers));
    assertEquals(new Set(places).size, all.length);
    for (const [list, numbers] of all.entries()) {
      assertEquals(numbers.map((_, index) => memory.at(places[list]!, index)), numbers);
    }
  }));
});

Deno.test("NumberMemory.add() gives lists of the same lengths the same places, whatever their kind", () => {
  const length = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(8180, 8192, 20_000));
  fc.assert(fc.property(fc.array(length, { minLength: 1, maxLength: 40 }), (lengths) => {
    const numbers = new NumberMemory(Float64Array);
    const whole = new NumberMemory(Uint32Array);
    for (const [list, length] of lengths.entries()) {
      const place = numbers.add(new Array(length).fill(list + 0.5));
      assertEquals(whole.add(new Array(length).fill(2 ** 32 - 1 - list)), place);
      assertEquals(numbers.at(place, length - 1), list + 0.5);
      assertEquals(whole.at(place, length - 1), 2 ** 32 - 1 - list);
    }
  }));
});
