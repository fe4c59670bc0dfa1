import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RecentCache } from "../../lib/geoip/recent_cache.ts";

Deno.test("RecentCache keeps what is asked for and forgets the rest", () => {
  const cache = new RecentCache<number, string>(10);
  cache.set(0, "kept");
  for (let i = 1; i < 100; i++) {
    cache.set(i, "new");
    assertEquals(cache.get(0), "kept");
  }
  assertEquals(cache.get(1), undefined);
  assertEquals(cache.get(99), "new");
});

Deno.test("RecentCache tells null from absent", () => {
  const cache = new RecentCache<string, null>(10);
  cache.set("a", null);
  assertEquals(cache.get("a"), null);
  assertEquals(cache.get("b"), undefined);
});

Deno.test("RecentCache never grows beyond its capacity and never gives a wrong value", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), fc.array(fc.nat(30)), (capacity, keys) => {
    const cache = new RecentCache<number, number>(capacity);
    for (const key of keys) {
      const value = cache.get(key);
      if (value === undefined) cache.set(key, key * 2);
      else assertEquals(value, key * 2);
      assertEquals(cache.get(key), key * 2);
      assert(cache.size <= capacity + 1);
    }
  }));
});
