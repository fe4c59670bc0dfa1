import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { placeMarkers } from "../../../lib/http/pages/place_markers.ts";

const SPACE = { width: 1000, height: 440, radius: 8 };

const spot = fc.record({
  x: fc.double({ min: -10, max: 1010, noNaN: true }),
  y: fc.double({ min: -10, max: 450, noNaN: true }),
});

Deno.test("placeMarkers() lets no marker hide another, and keeps all inside", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(spot, { maxLength: 100 }), spot.map((one) => Array(100).fill(one))),
      (spots: { x: number; y: number }[]) => {
        const markers = placeMarkers(spots, SPACE);
        assertEquals(markers.map((marker) => marker.spot), spots);
        markers.forEach(({ at }, index) => {
          assert(at.x >= 8 && at.x <= 992 && at.y >= 8 && at.y <= 432, `${at.x} ${at.y}`);
          for (const other of markers.slice(0, index)) {
            assert(Math.hypot(other.at.x - at.x, other.at.y - at.y) >= 16, "Two overlap");
          }
        });
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("placeMarkers() leaves alone what has room", () => {
  const spots = [{ x: 100, y: 100 }, { x: 117.6, y: 100 }, { x: 500, y: 300 }];
  assertEquals(placeMarkers(spots, SPACE).map(({ at }) => at), spots);
});

Deno.test("placeMarkers() ends when there is no room at all", () => {
  const spots = Array.from({ length: 40 }, () => ({ x: 5, y: 5 }));
  assertEquals(placeMarkers(spots, { width: 30, height: 30, radius: 8 }).length, 40);
});
