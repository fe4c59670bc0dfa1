import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SlabMap } from "../../../lib/store/cache/slab_map.ts";

function bytes(length: number, fill = length): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

Deno.test("SlabMap keeps what was set until it is deleted", () => {
  const map = new SlabMap({ maximumSize: 3, maximumBytes: 10_000 });
  map.set("a", bytes(1));
  map.set("b", bytes(2));
  map.set("a", bytes(3));
  assertEquals([map.get("a"), map.get("b"), map.get("c")], [bytes(3), bytes(2), undefined]);
  assertEquals(map.size, 2);
  map.delete("a");
  map.delete("a");
  assertEquals([map.get("a"), map.size], [undefined, 1]);
  map.clear();
  assertEquals([map.get("b"), map.size, map.bytes], [undefined, 0, 0]);
});

Deno.test("SlabMap keeps what is asked for when others pass through", () => {
  const map = new SlabMap({ maximumSize: 10_000, maximumBytes: 100_000 });
  for (let i = 0; i < 5; i++) map.set(`hot-${i}`, bytes(100, i));
  for (let i = 0; i < 2000; i++) {
    map.set(`cold-${i}`, bytes(100));
    for (let hot = 0; hot < 5; hot++) assertEquals(map.get(`hot-${hot}`), bytes(100, hot));
  }
});

Deno.test("SlabMap keeps what is in use elsewhere, but not beyond its bounds", () => {
  const inUse = (key: string): boolean => key.startsWith("hot");
  const map = new SlabMap({ maximumSize: 50, maximumBytes: 100_000, inUse });
  for (let i = 0; i < 5; i++) map.set(`hot-${i}`, bytes(100, i));
  for (let i = 0; i < 500; i++) map.set(`cold-${i}`, bytes(100));
  for (let i = 0; i < 5; i++) assertEquals(map.get(`hot-${i}`), bytes(100, i));
  for (let i = 0; i < 500; i++) map.set(`hotter-${i}`, bytes(100));
  assert(map.size <= 50 && map.get("hotter-499") !== undefined);
});

Deno.test("SlabMap takes no more memory when all of it changes again and again", () => {
  const map = new SlabMap({ maximumSize: 10_000, maximumBytes: 10_000_000 });
  for (let i = 0; i < 1000; i++) map.set(`${i}`, bytes(200));
  const once = map.bytes;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 1000; i++) map.set(`${(i * 7) % 1000}`, bytes(200, round));
  }
  assertEquals([map.size, map.get("3")], [1000, bytes(200, 19)]);
  assert(map.bytes < 2 * once, `It grew from ${once} to ${map.bytes}`);
});

Deno.test("SlabMap does not keep what is too long for it", () => {
  const map = new SlabMap({ maximumSize: 10, maximumBytes: 4000 });
  map.set("a", bytes(10));
  map.set("a", bytes(5000));
  map.set("x".repeat(2000), bytes(10));
  assertEquals([map.get("a"), map.size], [undefined, 0]);
});

Deno.test("SlabMap finds what is retired only for those who ask for that", () => {
  const map = new SlabMap({ maximumSize: 3, maximumBytes: 10_000 });
  map.set("a", bytes(1));
  map.set("b", bytes(2));
  map.retire();
  assertEquals([map.get("a"), map.getRetired("a"), map.size], [undefined, bytes(1), 2]);
  map.set("a", bytes(3));
  assertEquals([map.get("a"), map.getRetired("a"), map.size], [bytes(3), bytes(3), 2]);
  map.delete("b");
  assertEquals([map.getRetired("b"), map.size], [undefined, 1]);
});

Deno.test("SlabMap makes room with what is retired, however often it was asked for", () => {
  const map = new SlabMap({ maximumSize: 1000, maximumBytes: 200_000, inUse: () => true });
  for (let i = 0; i < 500; i++) map.set(`old-${i}`, bytes(300));
  for (let i = 0; i < 500; i++) map.get(`old-${i}`);
  map.retire();
  for (let i = 0; i < 300; i++) map.set(`new-${i}`, bytes(300));
  for (let i = 0; i < 300; i++) assertEquals(map.get(`new-${i}`), bytes(300));
  assert(map.bytes <= 200_000);
});

Deno.test("SlabMap refuses bounds that are not positive", () => {
  assertThrows(() => new SlabMap({ maximumSize: 0, maximumBytes: 1 }), RangeError);
  assertThrows(() => new SlabMap({ maximumSize: 1, maximumBytes: 0 }), RangeError);
});

Deno.test("SlabMap never gives a wrong value and stays within its bounds", () => {
  const key = fc.nat(60).map((n) => `${n % 7 === 0 ? "long".repeat(n * 3) : ""}${n}`);
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant("set"), key, fc.nat(900)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("get"), key, fc.constant(0)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("delete"), key, fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("clear"), key, fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("retire"), key, fc.constant(0)) },
  );
  fc.assert(fc.property(
    fc.array(step, { maxLength: 300, size: "max" }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 20_000 }),
    (steps, maximumSize, maximumBytes) => {
      const map = new SlabMap({ maximumSize, maximumBytes });
      const model = new Map<string, Uint8Array>();
      const retired = new Set<string>();
      const assertRight = (key: string): void => {
        const [found, any] = [map.get(key), map.getRetired(key)];
        if (any !== undefined) assertEquals(any, model.get(key));
        assertEquals(found, retired.has(key) ? undefined : any);
      };
      steps.forEach(([type, key, length], i) => {
        if (type === "set") {
          model.set(key, bytes(length, i));
          retired.delete(key);
          map.set(key, bytes(length, i));
        } else if (type === "delete") {
          model.delete(key);
          map.delete(key);
        } else if (type === "clear") {
          model.clear();
          map.clear();
        } else if (type === "retire") {
          for (const key of model.keys()) retired.add(key);
          map.retire();
        }
        assertRight(key);
        assert(map.size <= maximumSize && map.bytes <= maximumBytes);
      });
      for (const key of model.keys()) assertRight(key);
    },
  ));
});
