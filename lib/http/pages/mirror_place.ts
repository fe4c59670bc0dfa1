import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import type { Place } from "./world.ts";

/**
 * Where a mirror is to be drawn.
 *
 * @param mirror a mirror, or a fallback
 * @returns its place, else the middle of its country; `null` when nothing is known, and for one without a place
 */
export function mirrorPlace(
  { latitude, longitude, countryCodes, global }: Pick<
    MirrorRecord,
    "latitude" | "longitude" | "countryCodes" | "global"
  >,
): Place | null {
  if (global) return null;
  // Nobody serves files from the sea below Ghana: these are the values of a place that is not known.
  const known = Number.isFinite(latitude) && Number.isFinite(longitude) &&
    (latitude !== 0 || longitude !== 0);
  return known ? { latitude, longitude } : COUNTRIES.get(countryCodes[0] ?? "") ?? null;
}
