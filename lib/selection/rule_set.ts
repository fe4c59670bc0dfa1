import type { Mirror } from "../catalog/mirror.ts";
import type { RulePattern } from "../catalog/rule_pattern.ts";
import type { RefusalRule, RuleUse, SelectionRule } from "../catalog/selection_rule.ts";
import { type ClientMatcher, clientMatcher } from "./client_matcher.ts";
import type { ClientView } from "./client_view.ts";
import type { FamilyUses } from "./family_uses.ts";
import { mirrorMatches } from "./mirror_matches.ts";

/** A rule of the configuration, ready to be asked about clients. */
export interface PreparedRule {
  /** Counted from 1, as in the configuration. */
  readonly number: number;
  /** What it does. */
  readonly use: RuleUse;
  /** Whether it is about a client. */
  readonly concerns: ClientMatcher;
}

/** What rules say of one mirror. */
export interface MirrorRules {
  /** Those that name it, in order: the first that concerns a client counts. */
  readonly own: readonly PreparedRule[];
  /** Those by which clients get nobody else, whomever they name. */
  readonly only: readonly PreparedRule[];
}

/** No rules. */
export const NO_RULES: MirrorRules = { own: [], only: [] };

/** What the rules make of a mirror for a client. */
export interface Treatment {
  /** Number of the rule. */
  readonly rule: number;
  /** What it does. */
  readonly use: RuleUse;
}

/**
 * Finds out what the rules make of a mirror for a client.
 *
 * @returns `null`: nothing. Mirrors that are not among the only ones count as `never`
 */
export function treatmentOf({ own, only }: MirrorRules, client: ClientView): Treatment | null {
  let treatment: PreparedRule | null = null;
  for (let i = 0; i < own.length && treatment === null; i++) {
    if (own[i]!.concerns(client)) treatment = own[i]!;
  }
  if (treatment?.use !== "only") {
    for (let i = 0; i < only.length; i++) {
      const rule = only[i]!;
      // A mirror that must not be used at all says so by its own rule.
      if (treatment?.use !== "never" && rule.concerns(client)) {
        return { rule: rule.number, use: "never" };
      }
    }
  }
  return treatment === null ? null : { rule: treatment.number, use: treatment.use };
}

/**
 * Where a mirror stands among others for a client: before them by a rule, behind them by a rule, behind
 * even those since it is down on the client's family of addresses.
 */
export type MirrorGroup = "first" | "last" | "behind";

/** Whether a mirror is before or behind the others for a client; `null`: neither. */
export function groupOf(
  { rules, families }: { readonly rules: MirrorRules; readonly families: FamilyUses },
  client: ClientView,
): MirrorGroup | null {
  if (client.family !== null && families[client.family] === "behind") return "behind";
  if (rules.own.length === 0) return null;
  const use = treatmentOf(rules, client)?.use;
  return use === "first" || use === "last" ? use : null;
}

/** The rules of a configuration over a set of mirrors, compiled once for both. */
export class RuleSet {
  readonly #rules: readonly { readonly rule: SelectionRule; readonly prepared: PreparedRule }[];
  readonly #only: readonly PreparedRule[];
  readonly #refusals: readonly { readonly concerns: ClientMatcher; readonly status: number }[];
  /** Networks that rules name; each stands in the table under {@linkcode ruleNetworkId}. */
  readonly networks: readonly string[];

  /**
   * Compiles the rules.
   *
   * @param rules in the order of the configuration
   * @param refusals in the order of the configuration
   * @param mirrors whose names, tags and networks the rules may mean
   */
  constructor(
    rules: readonly SelectionRule[],
    refusals: readonly RefusalRule[],
    mirrors: Iterable<Mirror>,
  ) {
    const all = [...mirrors];
    const named = [...rules, ...refusals].flatMap(({ client }) => client);
    this.networks = [
      ...new Set(named.flatMap((one) => one.type === "network" ? [one.network] : [])),
    ];
    const matcher = (client: readonly RulePattern[]): ClientMatcher =>
      clientMatcher(
        client,
        (network) => ruleNetworkId(this.networks.indexOf(network)),
        (pattern) => all.filter((mirror) => mirrorMatches(mirror, pattern)).map(({ id }) => id),
      );
    this.#rules = rules.map((rule, index) => ({
      rule,
      prepared: { number: index + 1, use: rule.use, concerns: matcher(rule.client) },
    }));
    this.#only = this.#rules.filter(({ rule }) => rule.use === "only").map((one) => one.prepared);
    this.#refusals = refusals.map(({ client, status }) => ({ concerns: matcher(client), status }));
  }

  /** What the rules say of a mirror; the same object for all that none names. */
  of(mirror: Mirror): MirrorRules {
    const own = this.#rules.filter(({ rule }) =>
      rule.mirror.some((pattern) => mirrorMatches(mirror, pattern))
    ).map(({ prepared }) => prepared);
    return own.length === 0 && this.#only.length === 0 ? NO_RULES : { own, only: this.#only };
  }

  /** Numbers of the rules that are about a client, and of the refusals, from 1 on. */
  about(client: ClientView): { readonly rules: Set<number>; readonly refusals: Set<number> } {
    const rules = this.#rules.filter(({ prepared }) => prepared.concerns(client));
    const refusals = [...this.#refusals.entries()].filter(([, one]) => one.concerns(client));
    return {
      rules: new Set(rules.map(({ prepared }) => prepared.number)),
      refusals: new Set(refusals.map(([index]) => index + 1)),
    };
  }

  /** The status that a client is refused with; `null`: it is not refused. */
  refusalOf(client: ClientView): number | null {
    for (let i = 0; i < this.#refusals.length; i++) {
      if (this.#refusals[i]!.concerns(client)) return this.#refusals[i]!.status;
    }
    return null;
  }
}

/** Under which number a network of rules stands in the table of networks, beside the mirrors' IDs. */
export function ruleNetworkId(index: number): number {
  return -1 - index;
}
