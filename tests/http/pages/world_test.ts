import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { world } from "../../../lib/http/pages/world.ts";

Deno.test("world() draws the land once, in few bytes", async () => {
  const { land, width, height } = await world();
  assertEquals(await world(), await world());
  assert(land.length < 20_000, `${land.length} bytes`);
  assertMatch(land, /^(?:M\d+ -?\d+l[-\d ]+z)+$/);
  assertEquals(width, 2000);
  assert(height > 800 && height < 900);
});

Deno.test("world() puts places where they are on its map", async () => {
  const { project, width, height } = await world();
  const equator = project({ latitude: 0, longitude: 0 });
  assertAlmostEquals(equator.x, 1000, 1);
  assert(project({ latitude: 51.5, longitude: -0.1 }).y < equator.y);
  assert(project({ latitude: 35, longitude: 139 }).x > 1600);
  for (const latitude of [-90, 90]) {
    for (const longitude of [-180, 180]) {
      const { x, y } = project({ latitude, longitude });
      assert(x >= 0 && x <= width && y >= -0.1 && y <= height + 0.1, `${x} ${y}`);
    }
  }
});

Deno.test("world() finds the way over the edge of the map", async () => {
  const { way } = await world();
  const tokyo = { latitude: 35.7, longitude: 139.7 };
  assertEquals(way(tokyo, { latitude: 37.8, longitude: -122.4 }).split("M").length, 3);
  assertEquals(way(tokyo, { latitude: 39.9, longitude: 116.4 }).split("M").length, 2);
});
