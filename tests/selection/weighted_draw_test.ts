import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { weightedDraw } from "../../lib/selection/weighted_draw.ts";
import { seededRandom } from "./fixtures.ts";

const weights = fc.array(
  fc.oneof(fc.integer({ min: -5, max: 1000 }), fc.double({ min: 0, max: 1e9, noNaN: true })),
);
/** 1 is out of the source's range, but rounding may come close. */
const randoms = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));

Deno.test("weightedDraw() lets each number of the random source fall to one weight", () => {
  const first = (random: number) => weightedDraw([1, 2, 1], 1, () => random);
  assertEquals(first(0), [0]);
  assertEquals(first(0.249), [0]);
  assertEquals(first(0.25), [1]);
  assertEquals(first(0.749), [1]);
  assertEquals(first(0.75), [2]);
  assertEquals(first(0.999), [2]);
});

Deno.test("weightedDraw() draws nothing from nothing", () => {
  assertEquals(weightedDraw([], 3, () => 0.5), []);
  assertEquals(weightedDraw([0, 0], 3, () => 0.5), []);
  assertEquals(weightedDraw([1, 2], 0, () => 0.5), []);
});

Deno.test("weightedDraw() draws everyone with a weight once, or as many as wanted", () => {
  fc.assert(fc.property(weights, fc.nat({ max: 20 }), randoms, (all, count, stream) => {
    const drawn = weightedDraw(all, count, () => stream.next().value!);
    assertEquals(new Set(drawn).size, drawn.length);
    assertEquals(drawn.length, Math.min(count, all.filter((weight) => weight > 0).length));
    for (const index of drawn) assert(all[index]! > 0);
  }));
});

Deno.test("weightedDraw() leaves the weights alone", () => {
  const all = Object.freeze([3, 1, 2]);
  weightedDraw(all, 3, () => 0.5);
  assertEquals(all, [3, 1, 2]);
});

Deno.test("weightedDraw() draws every order as often as its weights say", () => {
  const all = [1, 2, 3];
  const random = seededRandom();
  const rounds = 30_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < rounds; i++) {
    const order = weightedDraw(all, 3, random).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  // First by w/6, second by what is left: 0,1,2 has 1/6 × 2/5, 2,1,0 has 3/6 × 2/3, …
  const expected: [order: string, probability: number][] = [
    ["0,1,2", 1 / 6 * 2 / 5],
    ["0,2,1", 1 / 6 * 3 / 5],
    ["1,0,2", 2 / 6 * 1 / 4],
    ["1,2,0", 2 / 6 * 3 / 4],
    ["2,0,1", 3 / 6 * 1 / 3],
    ["2,1,0", 3 / 6 * 2 / 3],
  ];
  for (const [order, probability] of expected) {
    const deviation = Math.sqrt(probability * (1 - probability) / rounds);
    assertAlmostEquals(counts.get(order)! / rounds, probability, 4 * deviation, order);
  }
});
