import * as v from "valibot";
import { parseRulePattern, RULE_WORDS, type RulePattern } from "../catalog/rule_pattern.ts";
import type { RefusalRule, SelectionRule } from "../catalog/selection_rule.ts";
import { COUNTRIES } from "../geo/countries.ts";
import { parseAddressRange } from "../net/address_range.ts";
import type { GeoOverride } from "./config.ts";
import { choice, integer, map, scalar, type ValueSchema } from "./value_schemas.ts";

/** One or more of the words that rules are made of. */
const patterns: ValueSchema<readonly RulePattern[]> = v.pipe(
  v.unknown(),
  v.transform((written) => typeof written === "string" ? [written] : written),
  v.array(
    scalar(RULE_WORDS, (written) => parseRulePattern(written) ?? undefined),
    `a list of words, each ${RULE_WORDS}`,
  ),
  v.minLength(1, `a list of words, each ${RULE_WORDS}`),
);

/** Which clients which mirrors are for. */
export const selectionRules: ValueSchema<readonly SelectionRule[]> = v.array(
  v.pipe(
    map("{Client, Mirror, Use}", {
      Client: patterns,
      Mirror: patterns,
      Use: choice("never", "last", "first", "only"),
    }),
    v.transform(({ Client, Mirror, Use }) => ({ client: Client, mirror: Mirror, use: Use })),
  ),
  "a list of {Client, Mirror, Use}",
);

/** Clients that are answered without a redirect. */
export const refusalRules: ValueSchema<readonly RefusalRule[]> = v.array(
  v.pipe(
    map("{Client, Status}", {
      Client: patterns,
      Status: v.optional(integer(400, 599), "403"),
    }),
    v.transform(({ Client, Status }) => ({ client: Client, status: Status })),
  ),
  "a list of {Client, Status}",
);

/** A number in degrees. */
function degrees(limit: number): ValueSchema<number> {
  return scalar(`a number from -${limit} to ${limit}`, (written) => {
    const value = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(written) ? Number(written) : NaN;
    return Math.abs(value) <= limit ? value : undefined;
  });
}

/** Corrections of the GeoIP databases. */
export const geoOverrides: ValueSchema<readonly GeoOverride[]> = v.array(
  v.pipe(
    map("{Network, Country, AS, Latitude, Longitude}", {
      Network: scalar(
        "a network such as 203.0.113.0/24",
        (written) => parseAddressRange(written) ? written : undefined,
      ),
      Country: v.optional(scalar("a country such as MD", (written) => {
        const code = written.toUpperCase();
        return COUNTRIES.has(code) ? code : undefined;
      })),
      AS: v.optional(scalar("an AS number", (written) => {
        const digits = written.replace(/^AS/i, "");
        const number = /^[1-9]\d{0,9}$/.test(digits) ? Number(digits) : 0;
        return number > 0 && number < 2 ** 32 ? number : undefined;
      })),
      Latitude: v.optional(degrees(90)),
      Longitude: v.optional(degrees(180)),
    }),
    v.check(
      ({ Latitude, Longitude }) => (Latitude === undefined) === (Longitude === undefined),
      "given both Latitude and Longitude, or neither",
    ),
    v.transform(({ Network, Country, AS, Latitude, Longitude }) => ({
      network: Network,
      ...(Country === undefined ? {} : { country: Country }),
      ...(AS === undefined ? {} : { asNumber: AS }),
      ...(Latitude === undefined ? {} : { latitude: Latitude }),
      ...(Longitude === undefined ? {} : { longitude: Longitude }),
    })),
  ),
  "a list of {Network, Country, AS, Latitude, Longitude}",
);
