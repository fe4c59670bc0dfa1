import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { shuffle } from "../../lib/selection/shuffle.ts";
import { seededRandom } from "./fixtures.ts";

Deno.test("shuffle() loses and doubles nothing", () => {
  const seeds = fc.integer({ min: 1 });
  fc.assert(fc.property(fc.array(fc.nat()), fc.nat({ max: 20 }), seeds, (items, count, seed) => {
    const shuffled = items.slice();
    shuffle(shuffled, count, seededRandom(seed));
    assertEquals(shuffled.toSorted(), items.toSorted());
  }));
});

Deno.test("shuffle() makes every order of the chosen equally likely", () => {
  const random = seededRandom();
  const counts = new Map<string, number>();
  const rounds = 24_000;
  for (let i = 0; i < rounds; i++) {
    const items = ["a", "b", "c", "d"];
    shuffle(items, 2, random);
    const chosen = items.slice(0, 2).join("");
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
  }
  // Four times three ordered pairs, 2000 each (σ 43).
  assertEquals(counts.size, 12);
  for (const [chosen, count] of counts) assertAlmostEquals(count, rounds / 12, 200, chosen);
});
