import type { MapPoint, World } from "./world.ts";

/** The part of the world that a map shows, in units of the world. */
export interface MapRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Share of the world's width that is shown at least, so that one can tell where it is. */
const SMALLEST = 0.2;

/** Beyond this share of the world's width, all of it is shown. */
const LARGEST = 0.75;

/** Room around the points, as a share of their extent. */
const MARGIN = 0.3;

/**
 * Chooses the part of the world that a map of some points shows: all of it, unless they are close
 * together. Its shape is always that of the world.
 *
 * @param world the map
 * @param points what must be seen
 * @returns the region
 */
export function mapRegion(
  { width, height }: Pick<World, "width" | "height">,
  points: readonly MapPoint[],
): MapRegion {
  const whole = { x: 0, y: 0, width, height };
  if (points.length === 0) return whole;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [north, south] = [Math.min(...ys), Math.max(...ys)];
  const extent = Math.max((east - west) / width, (south - north) / height) * (1 + MARGIN);
  const share = Math.max(extent, SMALLEST);
  if (share > LARGEST) return whole;
  const size = { width: width * share, height: height * share };
  const within = (middle: number, length: number, limit: number): number =>
    Math.min(Math.max(middle - length / 2, 0), limit - length);
  return {
    x: within((west + east) / 2, size.width, width),
    y: within((north + south) / 2, size.height, height),
    ...size,
  };
}
