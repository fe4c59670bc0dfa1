import type { RulePattern } from "../catalog/rule_pattern.ts";
import type { ClientView } from "./client_view.ts";

/** Tells whether a client is one of those that a rule names. */
export type ClientMatcher = (client: ClientView) => boolean;

/**
 * Makes a matcher of the words of a rule. A name or a tag means clients in the own networks of a mirror
 * that has it. Nothing but `*` and networks matches a client of whom nothing is known.
 *
 * @param patterns any of which matches
 * @param networkId gives the number under which a network stands in the table of networks
 * @param mirrorsOf gives the IDs of the mirrors that a name or a tag means
 */
export function clientMatcher(
  patterns: readonly RulePattern[],
  networkId: (network: string) => number,
  mirrorsOf: (pattern: RulePattern) => readonly number[],
): ClientMatcher {
  const countries = new Set<string>();
  const continents = new Set<string>();
  const systems = new Set<number>();
  const networks = new Set<number>();
  for (const pattern of patterns) {
    switch (pattern.type) {
      case "any":
        return () => true;
      case "country":
        countries.add(pattern.code);
        break;
      case "continent":
        continents.add(pattern.code);
        break;
      case "as":
        systems.add(pattern.number);
        break;
      case "network":
        networks.add(networkId(pattern.network));
        break;
      default:
        for (const id of mirrorsOf(pattern)) networks.add(id);
    }
  }
  return ({ place, network }) => {
    if (
      place !== null &&
      (countries.has(place.countryCode) || continents.has(place.continentCode) ||
        systems.has(place.asNumber))
    ) return true;
    if (networks.size === 0) return false;
    for (let node = network; node !== null; node = node.parent) {
      for (let i = 0; i < node.values.length; i++) if (networks.has(node.values[i]!)) return true;
    }
    return false;
  };
}
