import { hasAsNumber } from "../catalog/has_as_number.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { GeoRecord } from "../geo/geo_record.ts";

/** What the score of a mirror is measured against, the same for all mirrors of one request. */
export interface Scale {
  /** Who asks; its place is known. */
  readonly client: GeoRecord;
  /** Distance of the farthest mirror in whole kilometres; what exceeds it is a mirror's weight. */
  readonly base: number;
  /** Distance of the closest mirror in kilometres. */
  readonly closest: number;
  /** Kilometres up to which a mirror is in range; 0 is in range even if nothing else is. */
  readonly range: number;
}

/**
 * Makes the scale of one request.
 *
 * @param client who asks, located
 * @param closest distance of the closest mirror in kilometres
 * @param farthest distance of the farthest mirror in kilometres
 * @param weightDistributionRange how many times as far as the closest is still in range
 * @returns the scale for the score functions
 */
export function scaleOf(
  client: GeoRecord,
  closest: number,
  farthest: number,
  weightDistributionRange: number,
): Scale {
  return { client, base: Math.trunc(farthest), closest, range: closest * weightDistributionRange };
}

/**
 * Computes how useful a mirror is for a client: by distance, country, AS and the operator's score.
 *
 * @param mirror the mirror
 * @param distance from the client, in kilometres
 * @param scale of the request
 * @returns a whole number from 1; above `scale.base` the mirror takes part in the draw
 */
export function geographicalScore(mirror: Mirror, distance: number, scale: Scale): number {
  const { client, base, closest, range } = scale;
  // A mirror without a place has no country and no network of its own.
  const country = mirror.global ? "" : client.countryCode;
  const first = country !== "" && mirror.countryCodes[0] === country;
  let score = base - Math.trunc(distance) + 1;
  if (distance <= range) {
    score += Math.trunc(first ? base - distance : (base - distance) / 2);
  } else if (first) {
    // Never less than a mirror abroad at the same distance; the original may subtract here.
    score += Math.max(0, Math.trunc(base - 5 * distance));
  } else if (country !== "" && mirror.countryCodes.includes(country)) {
    score += Math.trunc(base - closest);
  }
  if (!mirror.global && hasAsNumber(mirror, client.asNumber)) score += Math.trunc(base / 2);
  // In this order everything but the division is exact.
  return Math.max(1, Math.trunc(score * (100 + mirror.score) / 100 + 0.5));
}

/**
 * Computes the score where nothing counts but the operator's score: in range the weight is 100 plus
 * that, out of range there is none and closer mirrors rank first.
 *
 * @param mirror the mirror
 * @param distance from the client, in kilometres
 * @param scale of the request
 * @returns a whole number from 0; above `scale.base` the mirror takes part in the draw
 */
export function plainScore(mirror: Mirror, distance: number, scale: Scale): number {
  if (distance <= scale.range) return scale.base + Math.max(1, 100 + mirror.score);
  return scale.base - Math.trunc(distance);
}
