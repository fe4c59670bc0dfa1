import { distanceBetween, positionOf } from "../geo/distance.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { ClientView } from "./client_view.ts";
import { type ClientWishes, findUnwanted } from "./client_wishes.ts";
import type { PreparedFallback } from "./prepared_fallback.ts";
import { treatmentOf } from "./rule_set.ts";
import type { Candidate, Selection, TlsChoice } from "./selection.ts";
import { shuffle } from "./shuffle.ts";

/**
 * Ranks the fallbacks for a client: those of its AS, then of its country, then of its continent, then
 * by distance, then as configured. A client whose place is unknown gets them in random order. Rules leave
 * some out, and put others before or behind the rest.
 *
 * @param fallbacks as `prepareFallbacks()` made them
 * @param client who asks
 * @param tls which schemes may be used; one that does not offer them is left out, as a mirror would be
 * @param random 0 to 1, exclusive
 * @param wishes what the client says of mirrors; `null`: nothing
 * @returns the fallbacks as candidates, without distances, scores or shares
 */
export function selectFallbacks(
  fallbacks: readonly PreparedFallback[],
  client: ClientView,
  tls: TlsChoice,
  random: () => number,
  wishes: ClientWishes | null = null,
): Selection {
  let ordered: PreparedFallback[];
  const { place } = client;
  if (place !== null && place.located) {
    ordered = rank(fallbacks, place);
  } else {
    ordered = fallbacks.slice();
    shuffle(ordered, ordered.length, random);
  }
  return {
    candidates: byRules(ordered, client).flatMap((fallback): Candidate[] => {
      const { record, urls } = fallback;
      const url = urls[tls];
      if (url === null || (wishes !== null && !isWanted(fallback, wishes))) return [];
      return [toCandidate(record, url)];
    }),
    excluded: [],
    fallback: true,
  };
}

function byRules(
  ordered: readonly PreparedFallback[],
  client: ClientView,
): readonly PreparedFallback[] {
  if (ordered.every(({ rules }) => rules.own.length === 0)) return ordered;
  // That a client gets nobody but certain mirrors says nothing of fallbacks.
  const uses = new Map(
    ordered.map((one) => [one, treatmentOf({ own: one.rules.own, only: [] }, client)?.use]),
  );
  const rank = (one: PreparedFallback): number =>
    uses.get(one) === "first" ? 0 : uses.get(one) === "last" ? 2 : 1;
  return ordered.filter((one) => uses.get(one) !== "never").sort((a, b) => rank(a) - rank(b));
}

function isWanted({ record, rules }: PreparedFallback, wishes: ClientWishes): boolean {
  if (findUnwanted(record, wishes) !== null) return false;
  const { asker } = wishes;
  return asker === null || treatmentOf({ own: rules.own, only: [] }, asker)?.use !== "never";
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
  return { mirror, url, distance: 0, score: 0, share: null, quota: 1, group: null, copy: null };
}
