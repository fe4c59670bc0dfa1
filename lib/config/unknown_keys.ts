import type { WrittenValue } from "./config_text.ts";
import { nearest } from "./nearest.ts";
import { label, type PlaceOf, type ValuePath } from "./written_place.ts";

/** Keys that are told of one map, at most. */
const MOST = 100;

/**
 * Finds keys that mean nothing, which are most often misspelt ones.
 *
 * @param written a map, a list of maps, or anything else, which has no keys
 * @param known the keys that have a meaning
 * @param path what leads to the value
 * @param place where a value stands
 * @returns one warning each
 */
export function unknownKeys(
  written: WrittenValue,
  known: readonly string[],
  path: ValuePath,
  place: PlaceOf,
): string[] {
  if (Array.isArray(written)) {
    return written.flatMap((item, index) => unknownKeys(item, known, [...path, index], place));
  }
  if (typeof written !== "object" || written === null) return [];
  const unknown = Object.keys(written).filter((key) => !known.includes(key));
  const warnings = unknown.slice(0, MOST).map((key) => {
    const meant = nearest(key, known);
    const within = path.length > 0 ? ` of ${label(path)}` : "";
    return `Unknown key in ${place([...path, key])}: "${key}"${within}` +
      (meant ? `, did you mean ${meant}?` : "");
  });
  const more = unknown.length - MOST;
  if (more > 0) {
    warnings.push(`And ${more} more unknown keys like ${JSON.stringify(unknown[MOST])}`);
  }
  return warnings;
}
