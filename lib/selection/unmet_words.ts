import type { Mirror } from "../catalog/mirror.ts";
import type { RulePattern } from "../catalog/rule_pattern.ts";
import type { RefusalRule, SelectionRule } from "../catalog/selection_rule.ts";
import { mirrorMatches } from "./mirror_matches.ts";

/**
 * Finds names and tags in rules that nobody has; mistyped, they would do nothing.
 *
 * @param rules in the order of the configuration
 * @param refusals in the order of the configuration
 * @param mirrors mirrors, and records that stand for fallbacks
 * @returns a sentence for each
 */
export function unmetWords(
  rules: readonly SelectionRule[],
  refusals: readonly RefusalRule[],
  mirrors: readonly Mirror[],
): string[] {
  const warnings: string[] = [];
  const look = (where: string, patterns: readonly RulePattern[]): void => {
    for (const pattern of patterns) {
      if (pattern.type !== "name" && pattern.type !== "tag") continue;
      if (mirrors.some((mirror) => mirrorMatches(mirror, pattern))) continue;
      const what = pattern.type === "name"
        ? `no mirror is called "${pattern.glob}"`
        : `no mirror has the tag "${pattern.tag}"`;
      warnings.push(`${where}: ${what}`);
    }
  };
  rules.forEach(({ client, mirror }, index) => {
    look(`Rules entry ${index + 1}`, client);
    look(`Rules entry ${index + 1}`, mirror);
  });
  refusals.forEach(({ client }, index) => look(`Refuse entry ${index + 1}`, client));
  return warnings;
}
