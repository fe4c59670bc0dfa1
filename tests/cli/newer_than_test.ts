import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { newerThan } from "../../cli/newer_than.ts";

Deno.test("newerThan() finds what came to a list that shows so many of the newest", () => {
  fc.assert(fc.property(
    // Things that are hardly told apart, and windows of different sizes.
    fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 30 }),
    fc.uniqueArray(fc.integer({ min: 1001, max: 2000 }), { maxLength: 10 }),
    fc.integer({ min: 10, max: 20 }),
    (past, news, size) => {
      const before = past.slice(-size);
      const now = [...past, ...news].slice(-size);
      assertEquals(newerThan(before, now), news.slice(-size));
    },
  ));
  assertEquals(newerThan([1, 1, 1], [1, 1, 1]), []);
  assertEquals(newerThan([], [1, 2]), [1, 2]);
  assertEquals(newerThan([1], []), []);
});
