import type { MapPoint } from "./world.ts";

/** A marker on a map. */
export interface PlacedMarker {
  /** The place that it stands for. */
  readonly spot: MapPoint;
  /** Where it is drawn: there, or beside when others are there already. */
  readonly at: MapPoint;
}

/** The drawing area of a map and the size of its markers, all in the same units. */
export interface MarkerSpace {
  readonly width: number;
  readonly height: number;
  /** Radius of a marker. */
  readonly radius: number;
}

/** Turns of the spiral that finds the next free place: the golden angle spreads them evenly. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Places that are tried for one marker; then it is drawn over others. */
const MAX_TRIES = 20_000;

/**
 * Places markers so that none hides another, each as close to its spot as those before it leave room.
 *
 * @param spots what the markers stand for; earlier ones come first
 * @param space where they may be drawn
 * @returns one marker for each spot, in the same order
 */
export function placeMarkers(spots: readonly MapPoint[], space: MarkerSpace): PlacedMarker[] {
  const { width, height, radius } = space;
  const gap = (2 * radius + 1.5) ** 2;
  const placed: MapPoint[] = [];
  const inside = (value: number, size: number): number =>
    Math.min(Math.max(value, radius + 1), Math.max(size - radius - 1, radius + 1));
  const isFree = ({ x, y }: MapPoint): boolean =>
    placed.every((other) => (other.x - x) ** 2 + (other.y - y) ** 2 >= gap);
  return spots.map((spot) => {
    let at: MapPoint = spot;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const distance = radius * 0.6 * Math.sqrt(tries);
      const x = inside(spot.x + distance * Math.cos(tries * GOLDEN_ANGLE), width);
      const y = inside(spot.y + distance * Math.sin(tries * GOLDEN_ANGLE), height);
      at = { x, y };
      if (isFree(at)) break;
    }
    placed.push(at);
    return { spot, at };
  });
}
