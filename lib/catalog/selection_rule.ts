import type { RulePattern } from "./rule_pattern.ts";

/**
 * What a rule does with the mirrors that it names, for the clients that it names: `never` leaves them out,
 * `last` puts them behind all others, `first` before them, and with `only` the client gets nobody else.
 */
export type RuleUse = "never" | "last" | "first" | "only";

/** A rule of the configuration. */
export interface SelectionRule {
  /** Any of these. */
  readonly client: readonly RulePattern[];
  /** Any of these. */
  readonly mirror: readonly RulePattern[];
  /** What it does. */
  readonly use: RuleUse;
}

/** Clients that are answered without a redirect. */
export interface RefusalRule {
  /** Any of these. */
  readonly client: readonly RulePattern[];
  /** 400 to 599. */
  readonly status: number;
}
