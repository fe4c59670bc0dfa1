import type { Mirror } from "./mirror.ts";

/**
 * Whether a client's autonomous system is one of a mirror's.
 *
 * @param mirror the mirror
 * @param asNumber of the client; 0, unknown, is nobody's
 */
export function hasAsNumber(mirror: Mirror, asNumber: number): boolean {
  return asNumber !== 0 && (mirror.asNumber === asNumber || mirror.asNumbers.includes(asNumber));
}
