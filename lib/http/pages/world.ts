import { WORLD_OUTLINE } from "./world_outline.ts";
import { NORTH, SOUTH, WORLD_WIDTH, worldProjection } from "./world_projection.ts";

/** A point on the map, in its units. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

/** Degrees of a place. */
export interface Place {
  /** North positive, -90 to 90. */
  readonly latitude: number;
  /** East positive, -180 to 180. */
  readonly longitude: number;
}

/** The map of the world that the pages draw on: Natural Earth's projection of its own outline. */
export interface World {
  /** Units from west to east. */
  readonly width: number;
  /** Units from north to south; the Antarctic is left out. */
  readonly height: number;
  /** The land, as an SVG path. */
  readonly land: string;
  /** Where a place is; one in the Antarctic comes out at the edge. */
  readonly project: (place: Place) => MapPoint;
  /** The shortest way between two places, as an SVG path; it may leave on one side and return on the other. */
  readonly way: (from: Place, to: Place) => string;
}

let made: Promise<World> | null = null;

/**
 * The map of the world: made at first use, since most threads never show a page, and then kept. The
 * outline is in the public domain (Natural Earth, 1:110m).
 */
export function world(): Promise<World> {
  made ??= make().catch((error: unknown) => {
    made = null;
    throw error;
  });
  return made;
}

async function make(): Promise<World> {
  const { projection, height } = await worldProjection();
  const { geoPath } = await import("d3-geo");
  const path = geoPath(projection).digits(0);
  return {
    width: WORLD_WIDTH,
    height,
    land: WORLD_OUTLINE,
    project: ({ latitude, longitude }) => {
      const within = Math.min(Math.max(latitude, SOUTH), NORTH);
      const [x, y] = projection([longitude, within]) ?? [0, 0];
      return { x, y };
    },
    way: (from, to) => {
      const coordinates = [from, to].map(({ latitude, longitude }) => [longitude, latitude]);
      return path({ type: "LineString", coordinates }) ?? "";
    },
  };
}
