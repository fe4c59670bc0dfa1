import { NEW_MIRROR } from "../catalog/settings/new_mirror.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { INITIAL_STATE } from "../catalog/mirror_state_fields.ts";
import { type Position, positionOf } from "../geo/distance.ts";
import { prepareMirror } from "./prepare_mirror.ts";
import { type MirrorRules, NO_RULES, type RuleSet } from "./rule_set.ts";
import type { TlsChoice } from "./selection.ts";

/** A fallback as it is configured. */
export interface Fallback {
  /** Base URL; the scheme may be missing. */
  readonly url: string;
  /** Upper-case ISO 3166-1 code; empty: none. */
  readonly countryCode: string;
  /** Upper-case two-letter code; empty: none. */
  readonly continentCode: string;
}

/** A fallback with everything that does not depend on the request computed once. */
export interface PreparedFallback {
  /** The mirror that stands for it: `fallback0`, `fallback1`, …, with the IDs 0, -1, …. */
  readonly record: MirrorRecord;
  /** Base URL for each choice of the scheme; `null` when it is not offered. */
  readonly urls: Readonly<Record<TlsChoice, string | null>>;
  /** What the rules of the configuration say of it. */
  readonly rules: MirrorRules;
  /** Where its country is; `null` when unknown. */
  readonly position: Position | null;
}

/**
 * Prepares the configured fallbacks for {@linkcode selectFallbacks}.
 *
 * @param fallbacks in the order of the configuration
 * @param centroidOf finds the middle of a country in degrees; without it fallbacks have no place, and
 *   those that are alike otherwise keep the order of the configuration
 * @param rules say what they hold of a fallback; by default nothing
 * @returns the fallbacks, in the same order
 */
export function prepareFallbacks(
  fallbacks: readonly Fallback[],
  centroidOf?: (countryCode: string) => { latitude: number; longitude: number } | null | undefined,
  rules?: Pick<RuleSet, "of">,
): PreparedFallback[] {
  return fallbacks.map((fallback, index) => {
    const record = recordOf(fallback, index);
    const { httpUrl, httpsUrl } = prepareMirror(record);
    const centroid = fallback.countryCode === "" ? null : centroidOf?.(fallback.countryCode);
    return {
      record,
      rules: rules?.of(record) ?? NO_RULES,
      urls: {
        any: httpsUrl ?? httpUrl ?? fallback.url,
        with_tls: httpsUrl,
        without_tls: httpUrl,
      },
      position: centroid ? positionOf(centroid.latitude, centroid.longitude) : null,
    };
  });
}

function recordOf(fallback: Fallback, index: number): MirrorRecord {
  return {
    ...NEW_MIRROR,
    ...INITIAL_STATE,
    // Not `-index`, which would be -0 for the first.
    id: 0 - index,
    name: `fallback${index}`,
    httpUrl: fallback.url,
    continentCode: fallback.continentCode,
    countryCodes: fallback.countryCode === "" ? [] : [fallback.countryCode],
  };
}
