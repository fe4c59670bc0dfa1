import { mirrorMatches } from "../../selection/mirror_matches.ts";
import { treatmentOf } from "../../selection/rule_set.ts";
import { unmetWords } from "../../selection/unmet_words.ts";
import type { Client } from "./clients.ts";
import type { HttpState } from "./state.ts";

/** What each rule does for a client; `GET /api/v1/rules` gives the same. */
export interface TestedRules {
  readonly client: {
    readonly address: string;
    readonly countryCode: string;
    readonly continentCode: string;
    /** 0: not known. */
    readonly asNumber: number;
  };
  /** The entry of Refuse that holds; `null`: none. */
  readonly refused: { readonly number: number; readonly status: number } | null;
  readonly rules: {
    /** From 1 on. */
    readonly number: number;
    readonly use: string;
    /** Whether it is about this client. */
    readonly client: boolean;
    /** Names of mirrors and fallbacks that it is about. */
    readonly mirrors: string[];
    /** Those for which it is the first that holds. */
    readonly decides: string[];
  }[];
  /** Names and tags that nobody has. */
  readonly warnings: string[];
}

/**
 * Tells what each rule does for a client.
 *
 * @param state rules and mirrors
 * @param client who is asked about
 * @param having IDs of the only mirrors that matter; `null`: all
 */
export function testRules(
  { config, rules, mirrors, fallbacks }: Pick<
    HttpState,
    "config" | "rules" | "mirrors" | "fallbacks"
  >,
  { address, place, view }: Client,
  having: ReadonlySet<number> | null,
): TestedRules {
  const about = rules.about(view);
  const all = [...mirrors.values(), ...fallbacks];
  const shown = all.filter(({ record }) => record.id < 1 || (having?.has(record.id) ?? true))
    .sort((a, b) => a.record.name < b.record.name ? -1 : 1);
  const refusal = config.refuse.findIndex((_, index) => about.refusals.has(index + 1));
  return {
    client: {
      address: address ?? "",
      countryCode: place?.countryCode ?? "",
      continentCode: place?.continentCode ?? "",
      asNumber: place?.asNumber ?? 0,
    },
    refused: refusal < 0 ? null : { number: refusal + 1, status: config.refuse[refusal]!.status },
    rules: config.rules.map(({ mirror, use }, index) => {
      const named = shown.filter(({ record }) =>
        mirror.some((pattern) => mirrorMatches(record, pattern))
      );
      const number = index + 1;
      return {
        number,
        use,
        client: about.rules.has(number),
        mirrors: named.map(({ record }) => record.name),
        decides: named.filter((one) => treatmentOf(one.rules, view)?.rule === number)
          .map(({ record }) => record.name),
      };
    }),
    warnings: unmetWords(config.rules, config.refuse, all.map(({ record }) => record)),
  };
}
