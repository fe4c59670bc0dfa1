import type { GeoProjection } from "d3-geo";

/** Units of the map from west to east. */
export const WORLD_WIDTH = 2000;

/** Degrees at the upper edge of the map. */
export const NORTH = 84;

/** Degrees at the lower edge of the map: the Antarctic is left out. */
export const SOUTH = -57;

/**
 * Makes the projection of the map: Natural Earth, from {@linkcode NORTH} to {@linkcode SOUTH}.
 *
 * @returns the projection, and the units of the map from north to south
 */
export async function worldProjection(): Promise<{ projection: GeoProjection; height: number }> {
  const { geoNaturalEarth1 } = await import("d3-geo");
  const projection = geoNaturalEarth1().fitWidth(WORLD_WIDTH, { type: "Sphere" });
  const at = (latitude: number): number => (projection([0, latitude]) ?? [0, 0])[1];
  const top = at(NORTH);
  const height = at(SOUTH) - top;
  const [x, y] = projection.translate();
  projection.translate([x, y - top]);
  return { projection, height };
}
