import { distanceBetween, positionOf } from "../geo/distance.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { PreparedFallback } from "./prepared_fallback.ts";
import type { Candidate, Selection, TlsChoice } from "./selection.ts";
import { shuffle } from "./shuffle.ts";

/**
 * Ranks the fallbacks for a client: those of its AS, then of its country, then of its continent, then
 * by distance, then as configured. A client whose place is unknown gets them in random order.
 *
 * @param fallbacks as `prepareFallbacks()` made them
 * @param client who asks; `null` when no database knows it
 * @param tls which schemes may be used; one that does not offer them is left out, as a mirror would be
 * @param random 0 to 1, exclusive
 * @returns the fallbacks as candidates, without distances, scores or shares
 */
export function selectFallbacks(
  fallbacks: readonly PreparedFallback[],
  client: GeoRecord | null,
  tls: TlsChoice,
  random: () => number,
): Selection {
  let ordered: PreparedFallback[];
  if (client !== null && client.located) {
    ordered = rank(fallbacks, client);
  } else {
    ordered = fallbacks.slice();
    shuffle(ordered, ordered.length, random);
  }
  return {
    candidates: ordered.flatMap(({ record, urls }): Candidate[] => {
      const url = urls[tls];
      return url === null ? [] : [toCandidate(record, url)];
    }),
    excluded: [],
    fallback: true,
  };
}

function rank(fallbacks: readonly PreparedFallback[], client: GeoRecord): PreparedFallback[] {
  const position = positionOf(client.latitude, client.longitude);
  return fallbacks
    .map((fallback) => ({
      fallback,
      nearness: nearness(fallback, client),
      // One without a place comes after those whose distance is known.
      distance: fallback.position === null
        ? Number.MAX_VALUE
        : distanceBetween(position, fallback.position),
    }))
    .sort((a, b) => b.nearness - a.nearness || a.distance - b.distance)
    .map(({ fallback }) => fallback);
}

function nearness({ record }: PreparedFallback, client: GeoRecord): number {
  if (client.asNumber !== 0 && record.asNumber === client.asNumber) return 3;
  if (record.countryCodes.includes(client.countryCode)) return 2;
  if (client.continentCode !== "" && record.continentCode === client.continentCode) return 1;
  return 0;
}

function toCandidate(mirror: Candidate["mirror"], url: string): Candidate {
  return { mirror, url, distance: 0, score: 0, share: null, copy: null };
}
