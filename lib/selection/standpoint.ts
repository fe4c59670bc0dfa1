import { distanceBetween, type Position, positionOf } from "../geo/distance.ts";
import type { ClientView } from "./client_view.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";

/** Where distances to a client are measured from; `null` when its place is unknown. */
export function standpointOf({ place }: ClientView): Position | null {
  return place !== null && place.located ? positionOf(place.latitude, place.longitude) : null;
}

/**
 * Measures how far a mirror is from a client.
 *
 * @param standpoint of the client
 * @returns kilometres; 0 when the place of the client is unknown
 */
export function distanceTo(mirror: PreparedMirror, standpoint: Position | null): number {
  return standpoint === null ? 0 : distanceBetween(standpoint, mirror.position);
}
