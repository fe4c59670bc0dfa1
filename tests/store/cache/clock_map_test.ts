import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ClockMap } from "../../../lib/store/cache/clock_map.ts";

Deno.test("ClockMap keeps what was set until it is deleted", () => {
  const map = new ClockMap<number>(3, 100);
  map.set("a", 1, 10);
  map.set("b", 2, 10);
  map.set("a", 3, 20);
  assertEquals([map.get("a"), map.get("b"), map.get("c")], [3, 2, undefined]);
  assertEquals([map.size, map.weight], [2, 30]);
  map.delete("a");
  map.delete("a");
  assertEquals([map.get("a"), map.size, map.weight], [undefined, 1, 10]);
  map.clear();
  assertEquals([map.get("b"), map.size, map.weight], [undefined, 0, 0]);
});

Deno.test("ClockMap keeps what is asked for when others pass through", () => {
  const map = new ClockMap<number>(10, 1000);
  for (let i = 0; i < 5; i++) map.set(`hot-${i}`, i, 1);
  for (let i = 0; i < 1000; i++) {
    map.set(`cold-${i}`, i, 1);
    for (let hot = 0; hot < 5; hot++) {
      assertEquals(map.get(`hot-${hot}`), hot, `Lost "hot-${hot}" at ${i}`);
    }
  }
});

Deno.test("ClockMap lets a new working set replace the old one", () => {
  const map = new ClockMap<number>(100, 1000);
  for (let i = 0; i < 100; i++) map.set(`old-${i}`, i, 1);
  for (let i = 0; i < 100; i++) map.get(`old-${i}`);
  for (let i = 0; i < 100; i++) map.set(`new-${i}`, i, 1);
  const kept = Array.from({ length: 100 }, (_, i) => map.get(`new-${i}`)).filter((v) =>
    v !== undefined
  );
  assertEquals(kept.length, 100);
});

Deno.test("ClockMap does not keep what is heavier than the map", () => {
  const map = new ClockMap<number>(10, 100);
  map.set("a", 1, 60);
  map.set("heavy", 2, 101);
  assertEquals([map.get("heavy"), map.get("a"), map.weight], [undefined, 1, 60]);
  map.set("b", 3, 60);
  assertEquals([map.get("b"), map.size, map.weight], [3, 1, 60]);
});

Deno.test("ClockMap makes room after a bounded number of second chances", () => {
  const map = new ClockMap<number>(5_000, 5_000);
  for (let i = 0; i < 5_000; i++) map.set(`${i}`, i, 1);
  for (let i = 0; i < 5_000; i++) map.get(`${i}`);
  map.set("new", 0, 1);
  const gone = Array.from({ length: 5_000 }, (_, i) => i).filter((i) => !map.has(`${i}`));
  assertEquals(gone, [1_000]);
});

Deno.test("ClockMap refuses bounds that are not positive", () => {
  assertThrows(() => new ClockMap(0, 1), RangeError);
  assertThrows(() => new ClockMap(1, 0), RangeError);
  assertThrows(() => new ClockMap(NaN, 1), RangeError);
});

Deno.test("ClockMap stays in its bounds and never gives a wrong value", () => {
  const key = fc.constantFrom(..."abcdefghij");
  const step = fc.oneof(
    fc.record({ type: fc.constant("set"), key, weight: fc.integer({ min: 1, max: 15 }) }),
    fc.record({ type: fc.constant("get"), key, weight: fc.constant(0) }),
    fc.record({ type: fc.constant("delete"), key, weight: fc.constant(0) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const map = new ClockMap<number>(5, 30);
    const model = new Map<string, { value: number; weight: number }>();
    for (const [value, { type, key, weight }] of steps.entries()) {
      if (type === "set") {
        map.set(key, value, weight);
        model.set(key, { value, weight });
        assertEquals(map.get(key), value, "What was set last is there");
      } else if (type === "delete") {
        map.delete(key);
        model.delete(key);
        assertEquals(map.get(key), undefined);
      } else {
        const found = map.get(key);
        assert(found === undefined || found === model.get(key)?.value);
      }
      assert(map.size <= 5 && map.weight <= 30);
    }
    const present = [...model].filter(([key]) => map.get(key) !== undefined);
    assertEquals(present.length, map.size);
    assertEquals(present.reduce((sum, [, { weight }]) => sum + weight, 0), map.weight);
  }));
});
