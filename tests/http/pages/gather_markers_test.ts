import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { gatherMarkers } from "../../../lib/http/pages/gather_markers.ts";

Deno.test("gatherMarkers() puts together what is near, the largest crowd first", () => {
  const spots = [[0, 0], [100, 0], [101, 0], [103, 0]].map(([x = 0, y = 0], item) => ({
    at: { x, y },
    item,
  }));
  const crowds = gatherMarkers(spots, 10);
  assertEquals(crowds.map(({ items }) => items), [[1, 2, 3], [0]]);
  assert(Math.abs(crowds[0]!.at.x - 101.33) < 0.01);
  assertEquals(gatherMarkers(spots, -1).length, 4);
});

Deno.test("gatherMarkers() loses nothing", () => {
  const point = fc.record({ x: fc.integer({ max: 999 }), y: fc.integer({ max: 999 }) });
  fc.assert(fc.property(fc.array(point), (points) => {
    const crowds = gatherMarkers(points.map((at, item) => ({ at, item })), 26);
    const items = crowds.flatMap(({ items }) => items).sort((a, b) => a - b);
    assertEquals(items, points.map((_, index) => index));
  }));
});
