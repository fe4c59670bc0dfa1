import { isCountryCode } from "./country_code.ts";
import { CONTINENTS } from "../geo/place_numbers.ts";
import { parseAddressRange } from "../net/address_range.ts";

/** What one word of a rule means, of clients and of mirrors alike. */
export type RulePattern =
  | { readonly type: "any" }
  /** Upper-case ISO 3166-1 code. */
  | { readonly type: "country"; readonly code: string }
  /** Upper-case code of two letters. */
  | { readonly type: "continent"; readonly code: string }
  | { readonly type: "as"; readonly number: number }
  /** In CIDR notation. */
  | { readonly type: "network"; readonly network: string }
  /** Name of a mirror in lower case; `*` stands for anything. */
  | { readonly type: "name"; readonly glob: string }
  /** Word that mirrors carry, in lower case. */
  | { readonly type: "tag"; readonly tag: string };

/** What a word of a rule may be, for messages. */
export const RULE_WORDS =
  "a country such as FR, a continent such as @EU, AS123, a network, a mirror's name with *, tag:x or *";

/**
 * Reads a word of a rule: `FR`, `@EU`, `AS123`, `192.0.2.0/24`, `ftp.halifax.*`, `tag:x`, `*`.
 *
 * @param text what was written
 * @returns `null` when there is no such country, continent, network or AS number
 */
export function parseRulePattern(text: string): RulePattern | null {
  if (text === "" || /\s/.test(text)) return null;
  if (text === "*") return { type: "any" };
  if (text.startsWith("@")) {
    const code = text.slice(1).toUpperCase();
    return CONTINENTS.has(code) ? { type: "continent", code } : null;
  }
  if (/^AS\d+$/i.test(text)) {
    const number = Number(text.slice(2));
    return number > 0 && number < 2 ** 32 ? { type: "as", number } : null;
  }
  if (/^tag:/i.test(text)) {
    const tag = text.slice(4).toLowerCase();
    return tag === "" ? null : { type: "tag", tag };
  }
  if (/^[A-Z]{2}$|^[AO]\d$/.test(text)) {
    return isCountryCode(text) ? { type: "country", code: text } : null;
  }
  if (text.includes("/") || text.includes(":") || /^\d+(\.\d+){3}$/.test(text)) {
    return parseAddressRange(text) === null ? null : { type: "network", network: text };
  }
  return { type: "name", glob: text.toLowerCase() };
}
