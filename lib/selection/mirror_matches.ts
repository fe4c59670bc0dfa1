import { hasAsNumber } from "../catalog/has_as_number.ts";
import type { Mirror } from "../catalog/mirror.ts";
import { hostnameOf } from "../catalog/mirror_url.ts";
import type { RulePattern } from "../catalog/rule_pattern.ts";
import { parseAddressRange } from "../net/address_range.ts";
import { NetworkTable } from "../net/network_table.ts";

/**
 * Whether a mirror is one of those that a word of a rule means. Its country is its first; a network means
 * those whose host is an address in it, or who have own networks in it.
 *
 * @param mirror a mirror, or a record that stands for a fallback
 * @param pattern the word
 */
export function mirrorMatches(mirror: Mirror, pattern: RulePattern): boolean {
  switch (pattern.type) {
    case "any":
      return true;
    case "country":
      return mirror.countryCodes[0] === pattern.code;
    case "continent":
      return mirror.continentCode === pattern.code;
    case "as":
      return hasAsNumber(mirror, pattern.number);
    case "network":
      return liesIn(mirror, pattern.network);
    case "name":
      return matchesGlob(mirror.name.toLowerCase(), pattern.glob);
    case "tag":
      return mirror.tags.some((tag) => tag.toLowerCase() === pattern.tag);
  }
}

function liesIn(mirror: Mirror, network: string): boolean {
  const table = new NetworkTable([{ network, value: true }]);
  const host = (hostnameOf(mirror.httpUrl) ?? "").replace(/^\[|\]$/g, "");
  if (table.find(host) !== null) return true;
  const width = parseAddressRange(network)?.prefixLength ?? 0;
  return mirror.networks.some((own) => {
    const range = parseAddressRange(own);
    return range !== null && range.prefixLength >= width && table.findBytes(range.bytes) !== null;
  });
}

/** Linear, whatever the pattern: it goes back to the last `*` only. */
function matchesGlob(text: string, glob: string): boolean {
  let [at, star, from] = [0, -1, 0];
  let i = 0;
  while (i < text.length) {
    if (at < glob.length && glob[at] === "*") {
      star = at++;
      from = i;
    } else if (at < glob.length && glob[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
