/** A point on the unit sphere, in Cartesian coordinates: quick to measure distances with. */
export interface Position {
  /** Towards 0° north, 0° east. */
  readonly x: number;
  /** Towards 0° north, 90° east. */
  readonly y: number;
  /** Towards the north pole. */
  readonly z: number;
}

/** Mean radius of the earth in kilometres. */
const EARTH_RADIUS = 6371;

const RADIANS_PER_DEGREE = Math.PI / 180;

/**
 * Prepares a place for {@linkcode distanceBetween}.
 *
 * Coordinates are rounded to 32-bit floats, which is finer than two metres: stores and databases keep
 * them in 32 or in 64 bits, and two records of one place must be 0 km apart.
 *
 * @param latitude degrees, north positive, -90 to 90
 * @param longitude degrees, east positive, -180 to 180
 * @returns the place on the unit sphere
 */
export function positionOf(latitude: number, longitude: number): Position {
  const phi = Math.fround(latitude) * RADIANS_PER_DEGREE;
  const lambda = Math.fround(longitude) * RADIANS_PER_DEGREE;
  const cosPhi = Math.cos(phi);
  return { x: cosPhi * Math.cos(lambda), y: cosPhi * Math.sin(lambda), z: Math.sin(phi) };
}

/**
 * Measures along a great circle. This is the haversine formula: half the chord between two points of
 * the unit sphere is the sine of half the angle between them.
 *
 * @param from one place
 * @param to the other place
 * @returns kilometres; exactly 0 for the same place
 */
export function distanceBetween(from: Position, to: Position): number {
  const x = from.x - to.x;
  const y = from.y - to.y;
  const z = from.z - to.z;
  const halfChord = Math.sqrt(x * x + y * y + z * z) / 2;
  // Rounding may carry the chord between opposite points beyond the diameter.
  return 2 * EARTH_RADIUS * Math.asin(halfChord > 1 ? 1 : halfChord);
}
