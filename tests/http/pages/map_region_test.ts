import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mapRegion } from "../../../lib/http/pages/map_region.ts";

const WORLD = { width: 2000, height: 870 };
const WHOLE = { x: 0, y: 0, ...WORLD };

Deno.test("mapRegion() shows the world unless the points are close together", () => {
  assertEquals(mapRegion(WORLD, []), WHOLE);
  assertEquals(mapRegion(WORLD, [{ x: 100, y: 100 }, { x: 1900, y: 800 }]), WHOLE);
  const near = mapRegion(WORLD, [{ x: 1000, y: 200 }, { x: 1100, y: 210 }]);
  assertEquals([near.width, near.height], [400, 174]);
});

Deno.test("mapRegion() has the shape of the world, lies in it, and holds every point", () => {
  const point = fc.record({
    x: fc.integer({ min: 0, max: 2000 }),
    y: fc.integer({ min: 0, max: 870 }),
  });
  fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: 9 }), (points) => {
    const { x, y, width, height } = mapRegion(WORLD, points);
    assertAlmostEquals(width / height, WORLD.width / WORLD.height, 1e-6);
    assert(x >= 0 && y >= 0 && x + width <= 2000.001 && y + height <= 870.001);
    for (const each of points) {
      assert(each.x >= x && each.x <= x + width && each.y >= y && each.y <= y + height);
    }
  }));
});
